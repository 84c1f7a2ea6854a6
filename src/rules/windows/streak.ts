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
  /** So many slots in a row make a breach, so many end it, and by so many that prove nothing it gets out of sight. */
  readonly slots: number;
}

/** Where a measure stands after all its slots. */
export interface Streak {
  /** `unseen`: a breach that nothing has proven for so long that nobody knows whether it goes on. */
  readonly state: 'clear' | 'breach' | 'unseen';
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
  /** The present row of slots that prove nothing. */
  readonly silent: number;
}

const start: Track = {
  state: 'clear',
  above: 0,
  below: 0,
  silent: 0,
  since: undefined,
  last: undefined,
  strong: false,
};

/**
 * A slot that proves nothing breaks a row, and neither makes nor ends a breach; after a row of them a breach is only one
 * again by another row above the threshold, and over by the same row as ever. Looked at from the newest back, and no
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
  if (value === undefined) return unproven(track, slots);
  if (value > above) {
    const row = track.above + 1;
    const state = row >= slots ? 'breach' : track.state;
    const strong = track.strong || !weak;
    return { state, above: row, below: 0, silent: 0, since: track.since ?? at, last: at, strong };
  }
  if (value > clear) return { ...rowBroken(track), last: at };
  if (weak && track.strong && track.state !== 'clear') return unproven(track, slots);
  const row = track.below + 1;
  if (track.state === 'clear' || row >= slots) return { ...start, below: row, last: at };
  return { ...rowBroken(track), below: row, last: at };
}

function unproven(track: Track, slots: number): Track {
  const broken = rowBroken(track);
  const silent = track.silent + 1;
  if (broken.state !== 'breach' || silent < slots) return { ...broken, silent };
  return { ...broken, state: 'unseen', since: undefined, silent };
}

/** A breach goes on, seen or not; what was only on its way to one begins anew. */
function rowBroken({ state, since, last, strong }: Track): Track {
  if (state === 'clear') return { ...start, last };
  return { ...start, state, since: state === 'breach' ? since : undefined, last, strong };
}
