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

interface Known extends ChannelTrouble {
  readonly failing: boolean;
  readonly told: boolean;
}

const mostPassing = 3;
const quietMs = 600_000;

/** Which channels get through. One that does not is told on the others: nobody may believe in silence. */
export class ChannelHealth {
  readonly #dependencies: HealthDependencies;
  readonly #troubles = new Map<string, Known>();
  readonly #toldAt = new Map<string, number>();

  constructor(dependencies: HealthDependencies) {
    this.#dependencies = dependencies;
  }

  troubles(): readonly ChannelTrouble[] {
    return [...this.#troubles.values()].map(({ told: _, failing: __, ...trouble }) => trouble);
  }

  note(channel: string, delivery: Delivery): void {
    // A refusal is about the message: the channel answered.
    if (delivery.outcome === 'failed') this.#failed(channel, delivery.reason, delivery.lasting ?? false);
    else this.#got(channel);
  }

  #failed(channel: string, reason: string, lasting: boolean): void {
    const { clock, onFailing, onTrouble } = this.#dependencies;
    const now = clock.now();
    const before = this.#troubles.get(channel);
    const { since = now, failures = 0, failing: failed = false, told = false } = before ?? {};
    const trouble = { channel, since, failures: failures + 1, reason };
    const failing = failed || lasting || trouble.failures >= mostPassing;
    const tell = failing && !told && now - (this.#toldAt.get(channel) ?? Number.NEGATIVE_INFINITY) >= quietMs;
    this.#troubles.set(channel, { ...trouble, failing, told: told || tell });
    if (failing && !failed) onFailing(channel, true);
    if (!tell) return;
    this.#toldAt.set(channel, now);
    onTrouble(trouble);
  }

  #got(channel: string): void {
    const before = this.#troubles.get(channel);
    this.#troubles.delete(channel);
    if (before?.failing) this.#dependencies.onFailing(channel, false);
    if (before?.told) this.#dependencies.onWell(channel, before.since);
  }
}
