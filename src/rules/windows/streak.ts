/** One slot's measure; `undefined` where it proves nothing. */
export interface Measured {
  readonly at: number;
  readonly value: number | undefined;
  /** It cannot end what a stronger one began. */
  readonly weak: boolean;
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
  /** The present row of slots above the threshold. */
  readonly above: number;
  /** When the present trouble began: the first slot above the threshold. */
  readonly since: number | undefined;
  /** The newest slot that proves anything. */
  readonly last: number | undefined;
  /** The present trouble is not known by weak slots alone. */
  readonly strong: boolean;
}

interface Track extends Streak {
  /** The present row of slots that have recovered. */
  readonly below: number;
}

const start: Track = { state: 'clear', above: 0, below: 0, since: undefined, last: undefined, strong: false };

/**
 * A slot that proves nothing breaks a row, and neither makes nor ends a breach. Looked at from the newest back, and no
 * further than to the last row that would have ended any trouble: while all is well, that is near.
 */
export const streakOf = (newestFirst: Iterable<Measured>, thresholds: Thresholds): Streak =>
  sinceRest(newestFirst, thresholds).reduceRight((track, measured) => follow(track, measured, thresholds), start);

function sinceRest(newestFirst: Iterable<Measured>, { clear, slots }: Thresholds): Measured[] {
  const seen: Measured[] = [];
  let below = 0;
  for (const measured of newestFirst) {
    seen.push(measured);
    const { value, weak } = measured;
    below = value !== undefined && value <= clear && !weak ? below + 1 : 0;
    if (below >= slots) break;
  }
  return seen;
}

function follow(track: Track, { at, value, weak }: Measured, { above, clear, slots }: Thresholds): Track {
  if (value === undefined) return rowBroken(track, track.last);
  if (value > above) {
    const row = track.above + 1;
    const state = row >= slots ? 'breach' : track.state;
    return { state, above: row, below: 0, since: track.since ?? at, last: at, strong: track.strong || !weak };
  }
  if (value > clear) return rowBroken(track, at);
  if (weak && track.strong && track.state === 'breach') return rowBroken(track, track.last);
  const row = track.below + 1;
  if (track.state === 'clear' || row >= slots) return { ...start, below: row, last: at };
  return { ...track, above: 0, below: row, last: at };
}

/** A breach goes on; what was only on its way to one begins anew. */
const rowBroken = (track: Track, last: number | undefined): Track =>
  track.state === 'breach' ? { ...track, above: 0, below: 0, last } : { ...start, last };
