import { theRest } from '../model/request-slot.ts';

/** `refused` and `cancelled` say nothing about how well the application is: they are counted apart. */
export type Outcome = 'well' | 'failed' | 'refused' | 'cancelled';

export type Counted = Exclude<Outcome, 'cancelled'>;

export interface Counts {
  requests: number;
  errors: number;
  refused: number;
}

export const none = (): Counts => ({ requests: 0, errors: 0, refused: 0 });

export function add(counts: Counts, outcome: Counted): void {
  if (outcome === 'refused') counts.refused += 1;
  else counts.requests += 1;
  if (outcome === 'failed') counts.errors += 1;
}

/** Counts by name; from the most names on, the others share one. What somebody made up and was refused gives way. */
export class BoundedNames<T extends Counts> {
  readonly #most: number;
  readonly #make: () => T;
  readonly #known = new Map<string, T>();

  constructor(most: number, make: () => T) {
    this.#most = most;
    this.#make = make;
  }

  of(name: string, outcome: Counted): T {
    return this.#known.get(name) ?? this.#added(this.#roomFor(outcome) ? name : theRest);
  }

  [Symbol.iterator](): Iterator<[string, T]> {
    return this.#known.entries();
  }

  #added(name: string): T {
    const counts = this.#known.get(name) ?? this.#make();
    this.#known.set(name, counts);
    return counts;
  }

  #roomFor(outcome: Counted): boolean {
    if (this.#named() < this.#most) return true;
    if (outcome === 'refused') return false;
    for (const [name, { requests, refused }] of this.#known) {
      if (requests > 0 || name === theRest) continue;
      this.#known.delete(name);
      this.#added(theRest).refused += refused;
      return true;
    }
    return false;
  }

  #named(): number {
    return this.#known.size - (this.#known.has(theRest) ? 1 : 0);
  }
}
