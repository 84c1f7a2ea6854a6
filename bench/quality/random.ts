/** A stream of chance that is the same on every machine: sfc32, seeded by words and numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...seed: readonly (string | number)[]) {
    const [a, b, c] = hashed(seed.join('/'));
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let round = 0; round < 12; round += 1) this.uniform();
  }

  /** In [0, 1). */
  uniform(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.uniform();
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  poisson(mean: number): number {
    return mean < 12 ? this.#fewByInversion(mean) : this.#manyByRejection(mean);
  }

  /** How many of `all` it is, each with the chance `share`. */
  binomial(all: number, share: number): number {
    let hits = 0;
    for (let each = 0; each < all; each += 1) if (this.uniform() < share) hits += 1;
    return hits;
  }

  #fewByInversion(mean: number): number {
    if (mean <= 0) return 0;
    let chance = Math.exp(-mean);
    let left = this.uniform() - chance;
    let count = 0;
    while (left >= 0 && count < 200) {
      count += 1;
      chance *= mean / count;
      left -= chance;
    }
    return count;
  }

  /** Hörmann's transformed rejection, 1993. */
  #manyByRejection(mean: number): number {
    const spread = 0.931 + 2.53 * Math.sqrt(mean);
    const tilt = -0.059 + 0.02483 * spread;
    const quick = 0.9277 - 3.6224 / (spread - 2);
    const scale = 1.1239 + 1.1328 / (spread - 3.4);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const edge = 0.5 - Math.abs(u);
      const count = Math.floor(((2 * tilt) / edge + spread) * u + mean + 0.43);
      if (edge >= 0.07 && v <= quick) return count;
      if (count < 0 || (edge < 0.013 && v > edge)) continue;
      const bound = count * Math.log(mean) - mean - logFactorial(count);
      if (Math.log((v * scale) / (tilt / (edge * edge) + spread)) <= bound) return count;
    }
  }
}

function hashed(text: string): readonly [number, number, number] {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ (code + index), 0xc2b2ae35);
    c = Math.imul(c ^ (code << 7), 0x27d4eb2f) ^ (a >>> 15) ^ (b >>> 13);
  }
  return [a | 0, b | 0, c | 0];
}

/** Stirling's series; exact enough from 12 on. */
export function logFactorial(count: number): number {
  if (count < 12) {
    let product = 1;
    for (let factor = 2; factor <= count; factor += 1) product *= factor;
    return Math.log(product);
  }
  const next = count + 1;
  return (next - 0.5) * Math.log(next) - next + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * next) - 1 / (360 * next ** 3);
}
