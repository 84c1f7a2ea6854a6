import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, goWrong, type Upstream } from './slack-faults/answer.ts';
import { readSlackRequest } from './slack-faults/arguments.ts';
import { createFaultTable, type SlackMethod } from './slack-faults/fault.ts';
import { createMetadataMemory } from './slack-faults/metadata.ts';
import { createSocketRelay } from './slack-faults/sockets.ts';

export interface SlackCall {
  readonly method: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The Web API and its sockets with what the stand-in lacks, and with faults on demand: of one method, or of `*`. */
export interface SlackFaults extends AsyncDisposable {
  /** For WebClient's slackApiUrl. */
  readonly apiUrl: string;
  /** 429 with Retry-After; `times`: so many calls, then well again; default: until heal(). */
  rateLimit(method: SlackMethod, retryAfterSeconds: number, times?: number): void;
  /** A status of the server's own instead of an answer: 500. */
  breakDown(method: SlackMethod, times?: number): void;
  /** Takes the request and never says a word. */
  hang(method: SlackMethod, times?: number): void;
  /** `{ok: false, error}` with 200: `token_revoked`, `invalid_auth`, `is_archived`, ... */
  refuse(method: SlackMethod, error: string, times?: number): void;
  /** Does what it was asked for, and drops the connection instead of answering. */
  loseReply(method: SlackMethod, times?: number): void;
  /** No fault any more; whoever still hangs is cut off. */
  heal(): void;
  /** Who is in a user group; unknown ones are answered `no_such_subteam`. */
  setUserGroup(id: string, users: readonly string[]): void;
  /** Calls so far, in order; of one method, or of all. */
  calls(method?: string): readonly SlackCall[];
  readonly openSockets: number;
  /** Clicks that were passed on over Socket Mode, whether or not they were read. */
  readonly clicksPassedOn: number;
  /** Every Socket Mode connection breaks off. */
  cutSockets(): void;
}

/** `slackUrl`: the stand-in's own address, without `/api/`. */
export async function startSlackFaults(slackUrl: string): Promise<SlackFaults> {
  const faults = createFaultTable();
  const calls: SlackCall[] = [];
  const hanging = new Set<ServerResponse>();
  const groups = new Map<string, readonly string[]>();
  const sockets = createSocketRelay(new URL(slackUrl));
  const upstream: Upstream = { url: new URL(slackUrl), ownUrl: () => url, memory: createMetadataMemory(), groups };
  const server = createServer((request, response) => {
    // An upstream that is gone looks like one that breaks off.
    handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readSlackRequest(request);
    calls.push({ method: read.method, at: Date.now(), arguments: read.arguments });
    const fault = faults.take(read.method);
    if (fault !== undefined) return goWrong(fault, { read, response, upstream, hanging });
    const answer = await answerOf(read, upstream);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  server.on('upgrade', sockets.relay);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const always = Number.POSITIVE_INFINITY;
  const heal = (): void => {
    faults.clear();
    for (const response of hanging) response.destroy();
  };
  return {
    apiUrl: `${url}/api/`,
    rateLimit: (method, retryAfterSeconds, times = always) =>
      faults.set(method, { kind: 'rate-limited', retryAfterSeconds }, times),
    breakDown: (method, times = always) => faults.set(method, { kind: 'broken', status: 500 }, times),
    hang: (method, times = always) => faults.set(method, { kind: 'hangs' }, times),
    refuse: (method, error, times = always) => faults.set(method, { kind: 'refused', error }, times),
    loseReply: (method, times = always) => faults.set(method, { kind: 'reply-lost' }, times),
    heal,
    setUserGroup: (id, users) => void groups.set(id, users),
    calls: (method) => calls.filter((call) => method === undefined || call.method === method),
    get openSockets() {
      return sockets.open;
    },
    get clicksPassedOn() {
      return sockets.clicks;
    },
    cutSockets: sockets.cut,
    async [Symbol.asyncDispose]() {
      heal();
      sockets.cut();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
