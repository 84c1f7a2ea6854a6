/** Random numbers that are the same each time for the same words. */
export class Dice {
  #state: number;

  constructor(words: string) {
    this.#state = [...words].reduce(
      (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619),
      2_166_136_261,
    );
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** The pause until the next of many independent arrivals, ms. */
  pause(perMinute: number): number {
    return (-Math.log(1 - this.next()) * 60_000) / perMinute;
  }

  /** As answers take: most near the middle, a few far above; one in twenty is above `p95`. */
  duration(p95: number): number {
    const spread = 0.6;
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return p95 * Math.exp(spread * (normal - 1.645));
  }

  pick<T>(weighted: readonly (readonly [item: T, weight: number])[]): T {
    let left = this.next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of weighted) {
      left -= weight;
      if (left < 0) return item;
    }
    const last = weighted.at(-1);
    if (!last) throw new RangeError('there is nothing to pick from');
    return last[0];
  }
}
