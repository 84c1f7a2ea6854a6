import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Secret } from '../../core/secret.ts';
import { backoff } from '../../notify/backoff.ts';
import type { Delivery } from '../../notify/channel.ts';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import { Connection, type Envelope, type Refusal } from './connection.ts';
import { type Hello, wayInBy } from './hello.ts';
import type { Received } from './receive.ts';

export interface SocketModeDependencies {
  readonly appToken: Secret;
  readonly appId: string;
  readonly apiUrl: string | undefined;
  readonly receive: (payload: unknown) => Promise<Received>;
  readonly onConnection: (connected: boolean) => void;
  /** Whether clicks get here, as far as that can be told. */
  readonly onWayIn: (delivery: Delivery) => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

/** One that ended sooner was none. */
const steadyMs = 5_000;

/**
 * Keeps a connection to Slack. The SDK's own way of coming back ends the process when it fails, so each connection is
 * a client of its own, and coming back is ours. One that Slack renews stays until the next one is there, and until
 * Slack has ended it.
 */
export async function keepConnected(dependencies: SocketModeDependencies, signal: AbortSignal): Promise<void> {
  const { onWayIn, clock, log } = dependencies;
  const connect = connector(dependencies, signal);
  const retiring = new Set<Promise<void>>();
  let failures = 0;
  let current: Connection | undefined;
  while (!signal.aborted) {
    const began = clock.monotonic();
    const next = connect();
    const refusal = await next.open();
    if (refusal) await next.close();
    else {
      if (current) retire(current, retiring);
      current = next;
    }
    const reason = refusal?.reason ?? (await next.over);
    if (signal.aborted) break;
    const isConnected = current?.isOpen ?? false;
    if (refusal && !isConnected) onWayIn(lostBy(refusal));
    if (isConnected)
      log.info(
        { reason },
        refusal ? 'the connection to Slack is still the old one' : 'another connection to Slack is made',
      );
    else log.warn({ reason }, 'no connection to Slack');
    failures = !refusal && clock.monotonic() - began > steadyMs ? 0 : failures + 1;
    if (failures > 0) await clock.sleep(waitAfter(failures, refusal), signal).catch(() => {});
  }
  await Promise.all([current?.close(), ...retiring]);
}

function retire(connection: Connection, retiring: Set<Promise<void>>): void {
  const retired = connection.retire().finally(() => retiring.delete(retired));
  retiring.add(retired);
}

const lostBy = ({ reason, about }: Refusal): Delivery => ({
  outcome: 'failed',
  reason,
  ...(about === 'access' && { lasting: true }),
});

const waitAfter = (failures: number, refusal: Refusal | undefined): number =>
  Math.max(backoff(failures), refusal?.retryAfterMs ?? 0);

/** Makes connections, and tells when there is at least one, and when none. */
function connector(dependencies: SocketModeDependencies, signal: AbortSignal): () => Connection {
  const { appToken, appId, apiUrl, onConnection, onWayIn, clock, log } = dependencies;
  let open = 0;
  const onOpen = (hello: Hello) => {
    open += 1;
    if (open === 1) onConnection(true);
    log.info('connected to Slack');
    const wayIn = wayInBy(hello, { appId, own: open });
    if (wayIn.outcome === 'failed') log.warn(wayIn.reason);
    onWayIn(wayIn);
  };
  const onGone = () => {
    open -= 1;
    if (open === 0) onConnection(false);
  };
  const take = (envelope: Envelope) => takeEnvelope(dependencies, envelope);
  return () => new Connection({ appToken, apiUrl, take, onOpen, onGone, clock }, signal);
}

/** What is recorded stays recorded, whether or not the acknowledgement gets through. Never throws. */
async function takeEnvelope(
  { receive, log }: Pick<SocketModeDependencies, 'receive' | 'log'>,
  { type, body, ack }: Envelope,
): Promise<void> {
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
