import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import type { DaemonState, QueuedMessage } from '../incident/daemon-state.ts';
import { isPending } from '../incident/fold-message.ts';
import type { EventBody } from '../model/event.ts';
import { backoff } from './backoff.ts';
import type { Channel, Delivery } from './channel.ts';

export interface OutboxDependencies {
  readonly channels: readonly Channel[];
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Clock;
  /** Told of every failed attempt, the final ones too. */
  readonly onFailure: (channel: string, message: QueuedMessage, reason: string) => void;
}

interface Waiting {
  readonly failures: number;
  readonly until: number;
}

const roundEvery = 1_000;

/**
 * Delivers what the journal has queued, at least once on every channel. A message stays queued until each channel
 * has taken or refused it; success is written down only after the fact. One channel's trouble never delays another.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #waiting = new Map<string, Waiting>();
  /** What a channel made of a message, while the journal could not take it. */
  readonly #unwritten = new Map<string, EventBody>();
  readonly #idle = new Set<() => void>();

  constructor(dependencies: OutboxDependencies) {
    this.#dependencies = dependencies;
  }

  /** Something was queued: do not wait for the next round. */
  wake(): void {
    for (const wake of this.#idle) wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#dependencies.channels.map((channel) => this.#serve(channel, signal)));
  }

  async #serve(channel: Channel, signal: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    while (!signal.aborted) {
      const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
      this.#idle.add(wake);
      await this.#round(channel, signal);
      await Promise.race([woken, clock.sleep(roundEvery, signal).catch(() => {})]);
      this.#idle.delete(wake);
    }
  }

  /** Ends at the first failure: the others would most likely fail as well, and a newer message may be waiting by then. */
  async #round(channel: Channel, signal: AbortSignal): Promise<void> {
    for (const message of this.#due(channel)) {
      if (signal.aborted || !(await this.#settle(channel, message, signal))) return;
    }
  }

  /** What has failed least comes first, so that nothing waits behind a message that never gets through. */
  #due(channel: Channel): QueuedMessage[] {
    const failures = (message: QueuedMessage) => this.#waiting.get(keyOf(channel, message))?.failures ?? 0;
    return [...this.#dependencies.state().messages.values()]
      .filter((message) => this.#isDue(channel, message))
      .sort((a, b) => failures(a) - failures(b));
  }

  #isDue(channel: Channel, message: QueuedMessage): boolean {
    if (!isPending(message, channel.name)) return false;
    const waiting = this.#waiting.get(keyOf(channel, message));
    return !waiting || waiting.until <= this.#dependencies.clock.monotonic();
  }

  /** True when the message is done with on this channel, and that is written down. */
  async #settle(channel: Channel, message: QueuedMessage, signal: AbortSignal): Promise<boolean> {
    const key = keyOf(channel, message);
    const record = this.#unwritten.get(key) ?? (await this.#attempt(channel, message, signal));
    if (!record) return false;
    this.#unwritten.set(key, record);
    try {
      this.#dependencies.append(record);
    } catch (error) {
      this.#retryLater(channel, message, `it was taken, but that cannot be written down: ${explain(error)}`);
      return false;
    }
    this.#unwritten.delete(key);
    this.#waiting.delete(key);
    return true;
  }

  async #attempt(channel: Channel, message: QueuedMessage, signal: AbortSignal): Promise<EventBody | undefined> {
    const delivery = await channel
      .deliver(message, signal)
      .catch((error: unknown): Delivery => ({ outcome: 'failed', reason: explain(error) }));
    if (delivery.outcome === 'refused') this.#dependencies.onFailure(channel.name, message, delivery.reason);
    if (delivery.outcome !== 'failed') return recordOf(channel, message, delivery);
    if (!signal.aborted) this.#retryLater(channel, message, delivery.reason);
    return undefined;
  }

  #retryLater(channel: Channel, message: QueuedMessage, reason: string): void {
    const key = keyOf(channel, message);
    const failures = (this.#waiting.get(key)?.failures ?? 0) + 1;
    this.#waiting.set(key, { failures, until: this.#dependencies.clock.monotonic() + backoff(failures) });
    this.#dependencies.onFailure(channel.name, message, reason);
  }
}

const keyOf = ({ name }: Channel, { message }: QueuedMessage): string => `${name} ${message}`;

function recordOf(
  { name }: Channel,
  { message }: QueuedMessage,
  delivery: Exclude<Delivery, { outcome: 'failed' }>,
): EventBody {
  return delivery.outcome === 'delivered'
    ? { kind: 'message.delivered', message, channel: name }
    : { kind: 'message.undeliverable', message, channel: name, reason: delivery.reason };
}
