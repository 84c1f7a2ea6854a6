import type { Clock } from '../core/clock.ts';
import type { Delivery } from './channel.ts';

/** A channel that takes nothing at present. */
export interface ChannelTrouble {
  readonly channel: string;
  readonly since: number;
  readonly failures: number;
  readonly reason: string;
}

export interface HealthDependencies {
  readonly clock: Pick<Clock, 'now'>;
  /** Whether it gets through, as far as that does not look like a passing trouble. */
  readonly onFailing: (channel: string, failing: boolean) => void;
  /** People should know; not again within `quietMs`, however often it comes and goes. */
  readonly onTrouble: (trouble: ChannelTrouble) => void;
  /** A trouble that was told is over. */
  readonly onWell: (channel: string, since: number) => void;
}

interface Known {
  readonly since: number;
  readonly reason: string;
  /** In a row, of each part of the channel that fails: what one of them gets through says nothing of another. */
  readonly failures: ReadonlyMap<string, number>;
  readonly failing: boolean;
  readonly told: boolean;
}

const mostPassing = 3;
const quietMs = 600_000;
const messages = 'messages';
const acceptance = 'acceptance';

/** Which channels get through. One that does not is told on the others: nobody may believe in silence. */
export class ChannelHealth {
  readonly #dependencies: HealthDependencies;
  readonly #troubles = new Map<string, Known>();
  readonly #toldAt = new Map<string, number>();
  readonly #refusals = new Map<string, number>();

  constructor(dependencies: HealthDependencies) {
    this.#dependencies = dependencies;
  }

  troubles(): readonly ChannelTrouble[] {
    return [...this.#troubles].map(([channel, known]) => troubleOf(channel, known));
  }

  /** It fails, and that does not look like passing by itself. */
  fails(channel: string): boolean {
    return this.#troubles.get(channel)?.failing ?? false;
  }

  /** `part`: what of the channel it was, where it has several. */
  note(channel: string, delivery: Delivery, part = messages): void {
    if (delivery.outcome === 'failed') {
      this.#failed(channel, part, delivery.reason, delivery.lasting ?? false);
      return;
    }
    this.#got(channel, part);
    if (delivery.outcome === 'refused') this.#refused(channel, delivery.reason);
    else this.#accepted(channel);
  }

  #accepted(channel: string): void {
    this.#refusals.delete(channel);
    this.#got(channel, acceptance);
  }

  /** A refusal is about the message, and the channel has answered; one that refuses everything takes nothing. */
  #refused(channel: string, reason: string): void {
    const inARow = (this.#refusals.get(channel) ?? 0) + 1;
    this.#refusals.set(channel, inARow);
    if (inARow >= mostPassing) this.#failed(channel, acceptance, `it refuses every message: ${reason}`, true);
  }

  #failed(channel: string, part: string, reason: string, lasting: boolean): void {
    const { clock, onFailing, onTrouble } = this.#dependencies;
    const now = clock.now();
    const before = this.#troubles.get(channel);
    const { since = now, failing: failed = false, told = false } = before ?? {};
    const ofPart = (before?.failures.get(part) ?? 0) + 1;
    const failures = new Map(before?.failures).set(part, ofPart);
    const failing = failed || lasting || ofPart >= mostPassing;
    const tell = failing && !told && now - (this.#toldAt.get(channel) ?? Number.NEGATIVE_INFINITY) >= quietMs;
    const known = { since, reason, failures, failing, told: told || tell };
    this.#troubles.set(channel, known);
    if (failing && !failed) onFailing(channel, true);
    if (!tell) return;
    this.#toldAt.set(channel, now);
    onTrouble(troubleOf(channel, known));
  }

  #got(channel: string, part: string): void {
    const before = this.#troubles.get(channel);
    if (!before?.failures.has(part)) return;
    const failures = new Map(before.failures);
    failures.delete(part);
    if (failures.size > 0) {
      this.#troubles.set(channel, { ...before, failures });
      return;
    }
    this.#troubles.delete(channel);
    if (before.failing) this.#dependencies.onFailing(channel, false);
    if (before.told) this.#dependencies.onWell(channel, before.since);
  }
}

const troubleOf = (channel: string, { since, reason, failures }: Known): ChannelTrouble => ({
  channel,
  since,
  failures: Math.max(...failures.values()),
  reason,
});
