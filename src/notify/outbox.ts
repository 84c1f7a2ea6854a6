import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import type { DaemonState, QueuedMessage } from '../incident/daemon-state.ts';
import { isPending } from '../incident/fold-message.ts';
import type { EventBody } from '../model/event.ts';
import { backoff } from './backoff.ts';
import type { Channel, Delivery } from './channel.ts';
import { aheadOf, dueOf, isDoubtful, isSuperseded, type Trials, untried } from './due.ts';

export interface OutboxDependencies {
  readonly channels: readonly Channel[];
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Clock;
  /** Told of every failed attempt, the final ones too. */
  readonly onFailure: (channel: string, message: QueuedMessage, reason: string) => void;
  /** Told what came of every attempt. */
  readonly onAttempt?: (channel: string, delivery: Delivery) => void;
}

const roundEvery = 1_000;

/**
 * Delivers what the journal has queued, at least once on every channel. A message stays queued until each channel
 * has taken or refused it; success is written down only after the fact. One channel's trouble never delays another,
 * and what is about one thing comes in the order in which it was queued.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #waiting = new Map<string, Trials>();
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

  /**
   * Ends at the first failure: the others would most likely fail as well, and a newer message may be waiting by then.
   * Only where it may be the message that fails, the next one shows whether it is.
   */
  async #round(channel: Channel, signal: AbortSignal): Promise<void> {
    for (let [message] = this.#due(channel); message && !signal.aborted; [message] = this.#due(channel)) {
      const isSettled = await this.#settle(channel, message, signal);
      if (!isSettled && !isDoubtful(this.#trialsOf(channel, message))) return;
    }
  }

  #due(channel: Channel): QueuedMessage[] {
    const trialsOf = (message: QueuedMessage) => this.#trialsOf(channel, message);
    return dueOf(this.#pending(channel), trialsOf, this.#dependencies.clock.monotonic());
  }

  #trialsOf(channel: Channel, message: QueuedMessage): Trials {
    return this.#waiting.get(keyOf(channel, message)) ?? untried;
  }

  #pending({ name }: Channel): QueuedMessage[] {
    return [...this.#dependencies.state().messages.values()].filter((message) => isPending(message, name));
  }

  /** True when the message is done with on this channel: that it cannot be written down delays no other. */
  async #settle(channel: Channel, message: QueuedMessage, signal: AbortSignal): Promise<boolean> {
    const key = keyOf(channel, message);
    const record =
      this.#unwritten.get(key) ?? this.#passOver(channel, message) ?? (await this.#attempt(channel, message, signal));
    if (!record) return false;
    this.#unwritten.set(key, record);
    try {
      this.#dependencies.append(record);
    } catch (error) {
      this.#retryLater(channel, message, `it was taken, but that cannot be written down: ${explain(error)}`);
      return true;
    }
    this.#unwritten.delete(key);
    this.#waiting.delete(key);
    return true;
  }

  /** After an outage nobody needs each reminder of it: the last one says it all. */
  #passOver(channel: Channel, message: QueuedMessage): EventBody | undefined {
    if (!isSuperseded(message, this.#pending(channel))) return undefined;
    return recordOf(channel, message, { outcome: 'refused', reason: 'a later reminder takes its place' });
  }

  /** It takes messages: what has failed before may get through now, and others wait behind it. */
  #waitNoLonger({ name }: Channel): void {
    const now = this.#dependencies.clock.monotonic();
    for (const [key, trials] of this.#waiting) {
      if (!key.startsWith(`${name} `) || this.#unwritten.has(key)) continue;
      this.#waiting.set(key, { ...trials, until: Math.min(trials.until, now) });
    }
  }

  /** One behind them got through: it was not the channel that failed, and nothing waits for them any more. */
  #passedBy(channel: Channel, message: QueuedMessage): void {
    for (const ahead of aheadOf(message, this.#pending(channel))) {
      this.#waiting.set(keyOf(channel, ahead), { ...this.#trialsOf(channel, ahead), letsPass: true });
    }
  }

  async #attempt(channel: Channel, message: QueuedMessage, signal: AbortSignal): Promise<EventBody | undefined> {
    const delivery = await channel
      .deliver(message, signal)
      .catch((error: unknown): Delivery => ({ outcome: 'failed', reason: explain(error) }));
    if (!signal.aborted) this.#dependencies.onAttempt?.(channel.name, delivery);
    if (delivery.outcome === 'refused') this.#dependencies.onFailure(channel.name, message, delivery.reason);
    if (delivery.outcome === 'delivered') {
      this.#passedBy(channel, message);
      this.#waitNoLonger(channel);
    }
    if (delivery.outcome !== 'failed') return recordOf(channel, message, delivery);
    if (!signal.aborted) this.#retryLater(channel, message, delivery.reason, delivery.retryAfterMs);
    return undefined;
  }

  #retryLater(channel: Channel, message: QueuedMessage, reason: string, patienceMs = 0): void {
    const key = keyOf(channel, message);
    const before = this.#trialsOf(channel, message);
    const failures = before.failures + 1;
    const failedAt = this.#dependencies.clock.monotonic();
    const until = failedAt + Math.max(backoff(failures), patienceMs);
    const letsPass = before.letsPass || this.#unwritten.has(key);
    this.#waiting.set(key, { failures, failedAt, until, letsPass });
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
