import { createHash } from 'node:crypto';
import { ObjectId } from 'mongodb';

export interface Random {
  /** A whole number in [least, most]. */
  between(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
}

/** mulberry32: the same numbers for the same words, on every machine. */
export function createRandom(...words: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(words.join('|')).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    pick: <T>(from: readonly T[]) => {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('Nothing to pick from');
      return picked;
    },
  };
}

/** ObjectIds as a server would have made them at that time, but the same ones each time. */
export function createIds(...words: readonly (string | number)[]): (at: Date) => ObjectId {
  const origin = createHash('sha256').update(words.join('|')).digest('hex').slice(0, 10);
  let counter = 0;
  return (at) => {
    counter += 1;
    const seconds = Math.floor(at.getTime() / 1000);
    return new ObjectId(seconds.toString(16).padStart(8, '0') + origin + counter.toString(16).padStart(6, '0'));
  };
}
