import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Secret } from '../../core/secret.ts';
import { backoff } from '../../notify/backoff.ts';
import type { Delivery } from '../../notify/channel.ts';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import { Connection, type Envelope, type Refusal } from './connection.ts';
import { type Hello, soleBy, wayInBy } from './hello.ts';
import type { Received } from './receive.ts';

export interface SocketModeDependencies {
  readonly appToken: Secret;
  readonly appId: string;
  readonly apiUrl: string | undefined;
  readonly receive: (payload: unknown) => Promise<Received>;
  readonly onConnection: (connected: boolean) => void;
  /** Whether clicks get here, as far as that can be told. */
  readonly onWayIn: (delivery: Delivery) => void;
  /** Whether all of them do, and none goes to somebody else who is connected as the application. */
  readonly onSole: (delivery: Delivery) => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

/** One that ended sooner was none. */
const steadyMs = 5_000;
/** Only a hello tells who else is connected: three looks, a minute apart, tell a rival from a connection that has died. */
const lookEvery = 60_000;
const eagerLooks = 3;
const longestLook = 600_000;

/**
 * Keeps a connection to Slack. The SDK's own way of coming back ends the process when it fails, so each connection is
 * a client of its own, and coming back is ours. One that Slack renews stays until the next one is there, and until
 * Slack has ended it.
 */
export async function keepConnected(dependencies: SocketModeDependencies, signal: AbortSignal): Promise<void> {
  const { onWayIn, clock, log } = dependencies;
  const connector = new Connector(dependencies, signal);
  const retiring = new Set<Promise<void>>();
  let failures = 0;
  let current: Connection | undefined;
  while (!signal.aborted) {
    const began = clock.monotonic();
    const next = connector.connect();
    const refusal = await next.open();
    if (refusal) await next.close();
    else {
      if (current) retire(current, retiring);
      current = next;
    }
    const reason = refusal?.reason ?? (await whyAnother(next, connector.notSole, clock));
    if (signal.aborted) break;
    const isConnected = current?.isOpen ?? false;
    if (refusal && !isConnected) onWayIn(lostBy(refusal));
    if (!isConnected) log.warn({ reason }, 'no connection to Slack');
    else log.info({ reason }, refusal ? 'the old connection to Slack goes on' : 'another connection to Slack is made');
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

/** `notSole`: how many hellos in a row have said that somebody else is connected. Each new one is a look. */
async function whyAnother({ over }: Connection, notSole: number, clock: Pick<Clock, 'sleep'>): Promise<string> {
  if (notSole === 0) return over;
  const settled = new AbortController();
  const look = clock.sleep(lookAfter(notSole), settled.signal).then(
    () => 'to see whether somebody else is still connected',
    () => over,
  );
  const reason = await Promise.race([over, look]);
  settled.abort();
  return reason;
}

const lookAfter = (notSole: number): number =>
  Math.min(lookEvery * 2 ** Math.max(0, notSole - eagerLooks), longestLook);

/** Makes connections, and tells when there is at least one, and when none. */
class Connector {
  readonly #dependencies: SocketModeDependencies;
  readonly #signal: AbortSignal;
  #open = 0;
  #notSole = 0;

  constructor(dependencies: SocketModeDependencies, signal: AbortSignal) {
    this.#dependencies = dependencies;
    this.#signal = signal;
  }

  get notSole(): number {
    return this.#notSole;
  }

  connect(): Connection {
    const { appToken, apiUrl, clock, log } = this.#dependencies;
    const take = (envelope: Envelope) => takeEnvelope(this.#dependencies, envelope);
    const listening = {
      take,
      onOpen: (hello: Hello) => this.#opened(hello),
      onGone: () => this.#gone(),
      onStrange: (reason: string) => log.warn({ reason }, 'Slack said something that is not understood'),
    };
    return new Connection({ appToken, apiUrl, ...listening, clock }, this.#signal);
  }

  #opened(hello: Hello): void {
    const { appId, onConnection, onWayIn, log } = this.#dependencies;
    this.#open += 1;
    if (this.#open === 1) onConnection(true);
    log.info('connected to Slack');
    const wayIn = wayInBy(hello, appId);
    if (wayIn.outcome === 'failed') log.warn(wayIn.reason);
    onWayIn(wayIn);
    this.#look(hello);
  }

  #look(hello: Hello): void {
    const { onSole, log } = this.#dependencies;
    const sole = soleBy(hello, this.#open);
    this.#notSole = sole.outcome === 'failed' ? this.#notSole + 1 : 0;
    if (sole.outcome === 'failed') log.warn(sole.reason);
    onSole(sole);
  }

  #gone(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#dependencies.onConnection(false);
  }
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
