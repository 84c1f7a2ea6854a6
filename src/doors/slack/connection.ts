import { SocketModeClient } from '@slack/socket-mode';
import type { Clock } from '../../core/clock.ts';
import type { Secret } from '../../core/secret.ts';
import type { SlackFailure } from '../../notify/channels/slack/failure.ts';
import { silentLogger } from '../../notify/channels/slack/silent-logger.ts';
import { withSlash } from '../../notify/channels/slack/web.ts';
import { appTokenFailure } from './app-token.ts';
import { controlOf, type Hello } from './hello.ts';

export interface Envelope {
  readonly type: string;
  readonly body: unknown;
  readonly ack: (response?: object) => Promise<void>;
}

export interface ConnectionDependencies {
  readonly appToken: Secret;
  readonly apiUrl: string | undefined;
  /** Never throws. */
  readonly take: (envelope: Envelope) => Promise<void>;
  readonly onOpen: (hello: Hello) => void;
  readonly onGone: () => void;
  /** It said something that cannot be understood. */
  readonly onStrange: (reason: string) => void;
  readonly clock: Pick<Clock, 'sleep'>;
}

export type Refusal = Pick<SlackFailure, 'reason' | 'retryAfterMs' | 'about'>;

/** From the address to the hello; the SDK itself would wait for ever. */
const helloWithinMs = 10_000;
/** As long as Slack waits for an acknowledgement. */
const takenWithinMs = 3_000;
const closeWithinMs = 1_000;
/** Slack says some ten seconds before it that it will end a connection. */
const endedWithinMs = 15_000;

/** One connection to Slack, from its beginning to its end. */
export class Connection {
  readonly #dependencies: ConnectionDependencies;
  readonly #client: SocketModeClient;
  readonly #signal: AbortSignal;
  readonly #over = Promise.withResolvers<string>();
  readonly #left = Promise.withResolvers<void>();
  readonly #ended = new AbortController();
  readonly #taking = new Set<Promise<void>>();
  #started: Promise<Refusal | undefined> | undefined;
  #isOpen = false;
  #isRenewed = false;

  /** `signal`: it is to end, and takes nothing more. */
  constructor(dependencies: ConnectionDependencies, signal: AbortSignal) {
    this.#dependencies = dependencies;
    this.#signal = signal;
    this.#client = newClient(dependencies, AbortSignal.any([signal, this.#ended.signal]));
    this.#listen();
  }

  /** Why another one should take its place. */
  get over(): Promise<string> {
    return this.#over.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why there is none; `undefined` once Slack has said hello. */
  async open(): Promise<Refusal | undefined> {
    const { clock } = this.#dependencies;
    const settled = new AbortController();
    this.#started = this.#client.start().then(
      () => undefined,
      // Where the connection breaks off before the hello, there is no error.
      (error: unknown) => (error === undefined ? { reason: 'it broke off before the hello' } : appTokenFailure(error)),
    );
    const late = clock.sleep(helloWithinMs, settled.signal).then(
      () => ({ reason: 'Slack said no hello' }),
      () => undefined,
    );
    const stopped = this.over.then((reason) => ({ reason }));
    const refusal = await Promise.race([this.#started, late, stopped]);
    settled.abort();
    return refusal;
  }

  /** Another one has taken its place. What Slack has sent is taken until it ends this one: whoever closes hears no more of it. */
  async retire(): Promise<void> {
    if (this.#isRenewed) await this.#within(endedWithinMs, this.#left.promise, this.#signal);
    await this.close();
  }

  /** What is being taken is taken to its end first; then it is gone, however little of it there was. */
  async close(): Promise<void> {
    await this.#within(takenWithinMs, Promise.all(this.#taking));
    this.#ended.abort(new Error('the connection ends'));
    this.#gone('it was closed');
    await this.#within(closeWithinMs, this.#client.disconnect());
    // While Slack has not given its address there is nothing to disconnect: the SDK would connect afterwards.
    await this.#within(
      closeWithinMs,
      this.#started?.then(() => this.#client.disconnect()),
    );
  }

  #listen(): void {
    const client = this.#client;
    const signal = this.#signal;
    const stop = () => this.#over.resolve('asked to stop');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal.removeEventListener('abort', stop), { once: true });
    client.on('disconnected', () => this.#gone('the connection has ended'));
    client.on('slack_event', (envelope: Envelope) => this.#take(envelope));
    // Told that it will be ended soon, the SDK closes at once, and nobody hears what is pressed meanwhile.
    const ofTheSdk = client.listeners('ws_message');
    client.removeAllListeners('ws_message');
    client.on('ws_message', (message: unknown, isBinary: unknown) => {
      const said = controlOf(message);
      if (said?.type === 'disconnect') return this.#renewed(said.reason ?? 'no reason');
      if (said?.type === 'hello') this.#opened(said);
      for (const listener of ofTheSdk) void this.#handOn(async () => listener(message, isBinary));
    });
  }

  /** What the SDK cannot make sense of is of no use to us either, and must not end the process. */
  async #handOn(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#dependencies.onStrange(error instanceof Error ? error.message : String(error));
    }
  }

  #opened(hello: Hello): void {
    if (this.#isOpen || this.#ended.signal.aborted) return;
    this.#isOpen = true;
    this.#dependencies.onOpen(hello);
  }

  #renewed(reason: string): void {
    this.#isRenewed = true;
    this.#over.resolve(`Slack renews it (${reason})`);
  }

  #gone(reason: string): void {
    this.#over.resolve(reason);
    this.#left.resolve();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#dependencies.onGone();
  }

  #take(envelope: Envelope): void {
    if (this.#signal.aborted || this.#ended.signal.aborted) return;
    const taken = this.#dependencies.take(envelope).finally(() => this.#taking.delete(taken));
    this.#taking.add(taken);
  }

  /** A peer that is gone does not say goodbye. */
  async #within(ms: number, work: Promise<unknown> | undefined, unless?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const done = Promise.resolve(work).catch(() => {});
    const until = AbortSignal.any([over.signal, ...(unless ? [unless] : [])]);
    await Promise.race([done, this.#dependencies.clock.sleep(ms, until).catch(() => {})]);
    over.abort();
  }
}

const newClient = ({ appToken, apiUrl }: ConnectionDependencies, signal: AbortSignal) =>
  new SocketModeClient({
    appToken: appToken.reveal(),
    autoReconnectEnabled: false,
    logger: silentLogger,
    clientOptions: {
      timeout: helloWithinMs,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      fetch: (url, init) =>
        fetch(url, { ...init, signal: AbortSignal.any([signal, ...(init?.signal ? [init.signal] : [])]) }),
      ...(apiUrl !== undefined && { slackApiUrl: withSlash(apiUrl) }),
    },
  });
