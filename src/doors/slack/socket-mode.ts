import { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Secret } from '../../core/secret.ts';
import { backoff } from '../../notify/backoff.ts';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import { silentLogger } from '../../notify/channels/slack/silent-logger.ts';
import { withSlash } from '../../notify/channels/slack/web.ts';
import type { Received } from './receive.ts';

export interface SocketModeDependencies {
  readonly appToken: Secret;
  readonly apiUrl: string | undefined;
  readonly receive: (payload: unknown) => Promise<Received>;
  readonly onConnection: (connected: boolean) => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

interface Envelope {
  readonly type: string;
  readonly body: unknown;
  readonly ack: (response?: object) => Promise<void>;
}

/** From the address to the hello; the SDK itself would wait for ever. */
const helloWithinMs = 10_000;
/** One that ended sooner was none. */
const steadyMs = 5_000;

/**
 * Keeps one connection to Slack. The SDK's own way of coming back ends the process when it fails, so each connection is
 * a client of its own, and coming back is ours.
 */
export async function keepConnected(dependencies: SocketModeDependencies, signal: AbortSignal): Promise<void> {
  const { clock, log } = dependencies;
  let failures = 0;
  while (!signal.aborted) {
    const began = clock.monotonic();
    const reason = await connection(dependencies, signal);
    if (signal.aborted) return;
    failures = clock.monotonic() - began > steadyMs ? 0 : failures + 1;
    log.warn({ reason }, 'no connection to Slack');
    if (failures > 0) await clock.sleep(backoff(failures), signal).catch(() => {});
  }
}

/** One connection from its beginning to its end; gives the reason of the end. */
async function connection(dependencies: SocketModeDependencies, signal: AbortSignal): Promise<string> {
  const { onConnection, log } = dependencies;
  const client = newClient(dependencies);
  const lost = Promise.withResolvers<string>();
  client.on('disconnected', () => lost.resolve('the connection has ended'));
  client.on('ws_message', (message: unknown) => noteHello(message, log));
  client.on('slack_event', (envelope: Envelope) => void take(dependencies, envelope));
  const stop = () => lost.resolve('asked to stop');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const started = await start(client, dependencies, signal);
    if (started !== 'connected') return started;
    onConnection(true);
    log.info('connected to Slack');
    return await lost.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    onConnection(false);
    await close(client, dependencies.clock);
  }
}

const hello = z.object({ type: z.literal('hello'), num_connections: z.number() });

/** Slack hands each click to one connection of the application, whichever: another process may get those that are ours. */
function noteHello(message: unknown, log: SocketModeDependencies['log']): void {
  if (typeof message !== 'string' || !message.includes('num_connections')) return;
  try {
    const { success, data } = hello.safeParse(JSON.parse(message));
    if (!success || data.num_connections < 2) return;
    log.warn(
      { connections: data.num_connections },
      'somebody else is connected as this application: clicks may go there',
    );
  } catch {
    // No message for us: the SDK ignores it, too.
  }
}

const newClient = ({ appToken, apiUrl }: SocketModeDependencies) =>
  new SocketModeClient({
    appToken: appToken.reveal(),
    autoReconnectEnabled: false,
    logger: silentLogger,
    clientOptions: {
      timeout: helloWithinMs,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      ...(apiUrl !== undefined && { slackApiUrl: withSlash(apiUrl) }),
    },
  });

async function start(client: SocketModeClient, { clock }: SocketModeDependencies, signal: AbortSignal) {
  const over = new AbortController();
  const late = clock.sleep(helloWithinMs, AbortSignal.any([signal, over.signal])).then(
    () => 'Slack said no hello',
    () => 'asked to stop',
  );
  const started = client.start().then(
    () => 'connected' as const,
    // Where the connection breaks off before the hello, there is no error.
    (error: unknown) => (error === undefined ? 'it broke off before the hello' : failureOf(error).reason),
  );
  try {
    return await Promise.race([started, late]);
  } finally {
    over.abort();
  }
}

const closeWithinMs = 1_000;

/** A peer that is gone does not say goodbye. */
async function close(client: SocketModeClient, clock: Clock): Promise<void> {
  const over = new AbortController();
  const closed = client.disconnect().catch(() => {});
  await Promise.race([closed, clock.sleep(closeWithinMs, over.signal).catch(() => {})]);
  over.abort();
}

/** What is recorded stays recorded, whether or not the acknowledgement gets through. Never throws. */
async function take({ receive, log }: SocketModeDependencies, { type, body, ack }: Envelope): Promise<void> {
  try {
    const { acknowledgement, afterwards } = type === 'interactive' ? await receive(body) : {};
    await ack(acknowledgement).catch((error: unknown) => {
      log.warn({ reason: failureOf(error).reason }, 'a click could not be acknowledged');
    });
    await afterwards?.();
  } catch (error) {
    log.warn({ reason: failureOf(error).reason }, 'a click could not be dealt with');
  }
}
