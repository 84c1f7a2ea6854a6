import type { Clock } from '../core/clock.ts';
import type { DaemonState, QueuedMessage } from '../incident/daemon-state.ts';
import type { EventBody } from '../model/event.ts';
import { backoff } from './backoff.ts';
import type { Channel, Delivery } from './channel.ts';

export interface OutboxDependencies {
  readonly channels: readonly Channel[];
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Clock;
  /** Told of every failed attempt. */
  readonly onFailure: (channel: string, message: QueuedMessage, reason: string) => void;
}

interface Waiting {
  readonly failures: number;
  readonly until: number;
}

/**
 * Delivers what the journal has queued, at least once on every channel. A message stays queued until each channel
 * has taken or refused it; success is written down only after the fact. One channel's trouble never delays another.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #waiting = new Map<string, Waiting>();
  #wake: (() => void) | undefined;

  constructor(dependencies: OutboxDependencies) {
    this.#dependencies = dependencies;
  }

  /** Something was queued: do not wait for the next round. */
  wake(): void {
    this.#wake?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await this.#deliverAll(signal);
      await Promise.race([woken, this.#dependencies.clock.sleep(1_000, signal).catch(() => {})]);
    }
  }

  async #deliverAll(signal: AbortSignal): Promise<void> {
    const { channels, state } = this.#dependencies;
    const messages = [...state().messages.values()];
    await Promise.all(
      channels.map(async (channel) => {
        for (const message of messages)
          if (this.#isDue(channel, message)) await this.#deliver(channel, message, signal);
      }),
    );
  }

  #isDue({ name }: Channel, { message, deliveredTo, undeliverable }: QueuedMessage): boolean {
    if (deliveredTo.includes(name) || undeliverable.some(({ channel }) => channel === name)) return false;
    const waiting = this.#waiting.get(`${name} ${message}`);
    return !waiting || waiting.until <= this.#dependencies.clock.monotonic();
  }

  async #deliver(channel: Channel, message: QueuedMessage, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const delivery = await channel.deliver(message, signal);
    if (delivery.outcome === 'failed') {
      if (!signal.aborted) this.#retryLater(channel, message, delivery.reason);
      return;
    }
    this.#waiting.delete(`${channel.name} ${message.message}`);
    this.#dependencies.append(recordOf(channel, message, delivery));
  }

  #retryLater({ name }: Channel, message: QueuedMessage, reason: string): void {
    const key = `${name} ${message.message}`;
    const failures = (this.#waiting.get(key)?.failures ?? 0) + 1;
    this.#waiting.set(key, { failures, until: this.#dependencies.clock.monotonic() + backoff(failures) });
    this.#dependencies.onFailure(name, message, reason);
  }
}

function recordOf(
  { name }: Channel,
  { message }: QueuedMessage,
  delivery: Exclude<Delivery, { outcome: 'failed' }>,
): EventBody {
  return delivery.outcome === 'delivered'
    ? { kind: 'message.delivered', message, channel: name }
    : { kind: 'message.undeliverable', message, channel: name, reason: delivery.reason };
}
