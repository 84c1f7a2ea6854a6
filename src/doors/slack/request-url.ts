import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { RollbackdError } from '../../core/errors.ts';
import type { SlackDoorConfig } from '../schema.ts';
import type { Received } from './receive.ts';
import { signatureFault } from './signature.ts';

export interface RequestUrlDependencies {
  readonly settings: NonNullable<SlackDoorConfig['request']>;
  /** A request with Slack's signature has come. */
  readonly onRequest?: (() => void) | undefined;
  readonly receive: (payload: unknown) => Promise<Received>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Pick<Logger, 'warn'>;
}

export interface RequestUrl extends AsyncDisposable {
  readonly url: string;
}

/** A click carries the whole message that it was on. */
const largestBody = 2 ** 20;
/** For so long a request passes for a fresh one: until then it is remembered. */
const replayMs = 600_000;
/** Anybody who reaches the port can make a line of the log: one in so long is enough. */
const quietMs = 60_000;

/** Takes clicks as signed requests. Errors: RollbackdError `slack-door` where it cannot listen. */
export async function openRequestUrl(dependencies: RequestUrlDependencies): Promise<RequestUrl> {
  const { host, port, path } = dependencies.settings;
  const server = Fastify({ forceCloseConnections: true, bodyLimit: largestBody });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.removeContentTypeParser(['application/json', 'text/plain']);
  const seen = new Map<string, number>();
  const onForged = forgeries(dependencies);
  server.post(path, (request, reply) => answer({ ...dependencies, onForged }, seen, request, reply));
  const url = await server.listen({ host, port }).catch(async (cause: unknown) => {
    await server.close();
    throw new RollbackdError('slack-door', `cannot listen on ${host}:${port}: ${(cause as Error).message}`, {
      remedy: 'free the port, or choose another doors.slack.request.port',
      cause,
    });
  });
  return { url, [Symbol.asyncDispose]: async () => void (await server.close()) };
}

type OnForged = (from: string, reason: string) => void;

function forgeries({ clock, log }: RequestUrlDependencies): OnForged {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (from, reason) => {
    untold += 1;
    if (clock.monotonic() < quietUntil) return;
    log.warn({ from, reason, requests: untold }, 'what is not from Slack was refused');
    quietUntil = clock.monotonic() + quietMs;
    untold = 0;
  };
}

async function answer(
  { settings, onRequest, receive, clock, onForged }: RequestUrlDependencies & { readonly onForged: OnForged },
  seen: Map<string, number>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const timestamp = header(request, 'x-slack-request-timestamp');
  const signature = header(request, 'x-slack-signature');
  const fault = signatureFault({ timestamp, signature, body }, settings.signingSecret, clock.now());
  if (fault !== undefined) {
    onForged(request.ip, fault);
    return reply.code(401).send();
  }
  onRequest?.();
  if (isRepeated(seen, signature ?? '', clock.now())) return reply.code(200).send();
  const { acknowledgement, afterwards } = await receive(payloadOf(body));
  await reply.code(200).send(acknowledgement);
  await afterwards?.();
  return reply;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The same request once more has been answered: whoever sends it again changes nothing, and disturbs nobody. */
function isRepeated(seen: Map<string, number>, signature: string, now: number): boolean {
  for (const [old, at] of seen) if (now - at > replayMs) seen.delete(old);
  if (seen.has(signature)) return true;
  seen.set(signature, now);
  return false;
}

function payloadOf(body: Buffer): unknown {
  try {
    return JSON.parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
  } catch {
    return undefined;
  }
}
