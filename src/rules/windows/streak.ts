/** One slot's measure; `undefined` where it proves nothing. */
export interface Measured {
  readonly at: number;
  readonly value: number | undefined;
}

export interface Thresholds {
  readonly above: number;
  /** What is not above this has recovered: lower than `above`, so that nothing flaps. */
  readonly clear: number;
  /** So many slots in a row make a breach, and so many end it. */
  readonly slots: number;
}

/** Where a measure stands after all its slots. */
export interface Streak {
  readonly state: 'clear' | 'breach';
  readonly above: number;
  readonly below: number;
  /** When the present trouble began: the first slot above the threshold. */
  readonly since: number | undefined;
  /** The newest slot that proves anything. */
  readonly last: number | undefined;
}

const start: Streak = { state: 'clear', above: 0, below: 0, since: undefined, last: undefined };

/** A slot that proves nothing breaks a row, and neither makes nor ends a breach. */
export const streakOf = (measures: readonly Measured[], thresholds: Thresholds): Streak =>
  measures.reduce((streak, measured) => follow(streak, measured, thresholds), start);

function follow(streak: Streak, { at, value }: Measured, { above, clear, slots }: Thresholds): Streak {
  if (value === undefined)
    return { ...streak, above: 0, below: 0, since: streak.state === 'breach' ? streak.since : undefined };
  if (value > above) {
    const row = streak.above + 1;
    const since = streak.since ?? at;
    return { state: row >= slots ? 'breach' : streak.state, above: row, below: 0, since, last: at };
  }
  if (value > clear) return { ...streak, above: 0, below: 0, last: at };
  const row = streak.below + 1;
  const over = streak.state === 'clear' || row >= slots;
  return over
    ? { state: 'clear', above: 0, below: row, since: undefined, last: at }
    : { ...streak, above: 0, below: row, last: at };
}
