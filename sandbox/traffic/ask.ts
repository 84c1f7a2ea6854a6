import { type Agent, request } from 'node:http';

export interface AskOptions {
  readonly userAgent: string;
  readonly timeoutMs: number;
  readonly slug?: string | undefined;
  /** Sent as JSON by POST; undefined: GET. */
  readonly body?: object | undefined;
  readonly agent?: Agent | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** Milliseconds since the epoch at the end of the answer. */
  readonly at: number;
  readonly body: string;
  readonly version: string | undefined;
}

/** One HTTP request with a hard end. Rejects when there is no whole answer. */
export function ask(url: string, options: AskOptions): Promise<Answer> {
  const { userAgent, slug, agent } = options;
  const sent = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    'user-agent': userAgent,
    ...(slug === undefined ? {} : { 'x-tenant-slug': slug }),
    ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
  };
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: sent === undefined ? 'GET' : 'POST',
      headers,
      signal,
      ...(agent ? { agent } : {}),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const version = response.headers['x-cafe-version'];
        const body = Buffer.concat(parts).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          at: Date.now(),
          body,
          version: version === undefined ? undefined : String(version),
        });
      });
    });
    outgoing.end(sent);
  });
}
