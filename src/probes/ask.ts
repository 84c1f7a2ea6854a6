import axios, { type AxiosResponse, isAxiosError } from 'axios';
import { never } from '../core/errors.ts';
import type { Answer } from '../model/observation.ts';
import { readPath } from './json-path.ts';
import type { RequestConfig } from './request/schema.ts';
import { timedTransport } from './timed-transport.ts';

/** rollbackd's own requests say so, and are left out wherever real traffic is measured. */
export const userAgent = 'rollbackd';

export interface Question {
  readonly baseUrl: string;
  readonly path: string;
  readonly method?: RequestConfig['method'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export type Reply =
  | {
      readonly answered: true;
      readonly status: number;
      /** By their names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
      /** From when the connection stood: as the balancer's log has it, by which it is measured. */
      readonly tookMs: number;
    }
  | { readonly answered: false; readonly why: 'timeout' | 'refused' | 'reset' | 'other'; readonly tookMs: number };

/** Asks over HTTP. Every status is an answer; only silence is none. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Reply>;

export const askHttp: Ask = async (question, signal) => {
  const started = performance.now();
  const transport = timedTransport();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(question.timeoutMs)]);
  try {
    const response = await axios.request<unknown>({
      url: question.path,
      baseURL: question.baseUrl,
      // A path such as `//host/` would otherwise be no path of ours.
      allowAbsoluteUrls: false,
      method: question.method ?? 'GET',
      // Ours last: no configured header may make our requests look like those of users.
      headers: { ...question.headers, 'user-agent': userAgent, connection: 'close' },
      data: question.body,
      signal: deadline,
      validateStatus: () => true,
      maxRedirects: 0,
      transport,
      proxy: false,
      maxContentLength: 32 * 1024 * 1024,
    });
    return {
      answered: true,
      status: response.status,
      headers: headersOf(response),
      body: response.data,
      tookMs: performance.now() - (transport.connectedAt() ?? started),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { answered: false, why: whySilent(error), tookMs: performance.now() - started };
  }
};

const headersOf = ({ headers }: AxiosResponse): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

function whySilent(error: unknown): 'timeout' | 'refused' | 'reset' | 'other' {
  if (!isAxiosError(error)) return 'other';
  if (error.code === 'ERR_CANCELED' || error.code === 'ETIMEDOUT' || error.code === 'ECONNABORTED') return 'timeout';
  if (error.code === 'ECONNREFUSED') return 'refused';
  // axios has no code of its own for an answer that was cut off.
  const cutOff = error.code === 'ERR_BAD_RESPONSE' && error.message.includes('aborted');
  return cutOff || error.code === 'ECONNRESET' ? 'reset' : 'other';
}

/** What a reply is worth against what the request expects. */
export function judgeReply(reply: Reply, expected: Pick<RequestConfig, 'expectStatus' | 'expectJson'>): Answer {
  if (!reply.answered) return { outcome: 'down', why: reply.why, tookMs: reply.tookMs };
  const { status, tookMs } = reply;
  if (!expected.expectStatus.includes(status)) return { outcome: 'down', why: 'status', status, tookMs };
  const asExpected = Object.entries(expected.expectJson).every(([path, value]) =>
    readPath(reply.body, path).some((found) => found === value),
  );
  return asExpected ? { outcome: 'up', why: 'ok', status, tookMs } : { outcome: 'down', why: 'body', status, tookMs };
}

/** An answer in words: `no answer within its time`, `status 503`. */
export function describeAnswer(answer: Answer): string {
  switch (answer.why) {
    case 'ok':
      return `status ${answer.status}`;
    case 'status':
      return `status ${answer.status}`;
    case 'body':
      return `status ${answer.status}, but not the expected body`;
    default:
      return describeSilence(answer.why);
  }
}

type Silence = Extract<Reply, { answered: false }>['why'];

/** Why there was no answer, in words. */
export function describeSilence(why: Silence): string {
  switch (why) {
    case 'timeout':
      return 'no answer within its time';
    case 'refused':
      return 'connection refused';
    case 'reset':
      return 'connection reset';
    case 'other':
      return 'connection failed';
    default:
      return never(why);
  }
}
