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
  /** Once for each trouble, as soon as it does not look like a passing one. */
  readonly onTrouble: (trouble: ChannelTrouble) => void;
  /** A trouble that was told is over. */
  readonly onWell: (channel: string, since: number) => void;
}

const mostPassing = 3;

/** Which channels get through. One that does not is told on the others: nobody may believe in silence. */
export class ChannelHealth {
  readonly #dependencies: HealthDependencies;
  readonly #troubles = new Map<string, ChannelTrouble & { readonly told: boolean }>();

  constructor(dependencies: HealthDependencies) {
    this.#dependencies = dependencies;
  }

  troubles(): readonly ChannelTrouble[] {
    return [...this.#troubles.values()].map(({ told: _, ...trouble }) => trouble);
  }

  note(channel: string, delivery: Delivery): void {
    // A refusal is about the message: the channel answered.
    if (delivery.outcome === 'failed') this.#failed(channel, delivery.reason, delivery.lasting ?? false);
    else this.#got(channel);
  }

  #failed(channel: string, reason: string, lasting: boolean): void {
    const { clock, onTrouble } = this.#dependencies;
    const before = this.#troubles.get(channel);
    const { since = clock.now(), failures = 0, told = false } = before ?? {};
    const trouble = { channel, since, failures: failures + 1, reason };
    const tell = !told && (lasting || trouble.failures >= mostPassing);
    this.#troubles.set(channel, { ...trouble, told: told || tell });
    if (tell) onTrouble(trouble);
  }

  #got(channel: string): void {
    const before = this.#troubles.get(channel);
    this.#troubles.delete(channel);
    if (before?.told) this.#dependencies.onWell(channel, before.since);
  }
}
