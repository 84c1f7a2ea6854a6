/** What one look found; `unknown` where it proves nothing. */
export interface Sighting {
  readonly at: number;
  /** When the look was over. */
  readonly end: number;
  readonly found: 'bad' | 'good' | 'unknown';
  readonly said: string;
}

/** How long something must be bad before it fires, and well before it is resolved: the same for every criterion that is looked at. */
export interface HowLong {
  /** It fires when it was seen bad for longer than this ... */
  readonly for: number;
  /** ... of the last so much time that was seen ... */
  readonly within: number;
  /** ... in at least so many looks, */
  readonly samples: number;
  /** and is resolved when it was seen well for so long without a break. */
  readonly clearFor: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The present trouble. Its length is what was seen: time between one look that found it and the next. */
export interface Lasting {
  readonly since: number;
  /** Seen bad since then. */
  readonly badMs: number;
  /** Seen bad in the last `within`, ... */
  readonly recentMs: number;
  /** ... from one look that found it to the last one in a row that did; the newest first. */
  readonly recent: readonly Span[];
  readonly looks: number;
  /** Looks in a row, the newest such row, that found it bad. */
  readonly row: number;
  /** How long it has been well again without a break; absent while the newest look finds it bad. */
  readonly goodMs: number | undefined;
  /** What the newest look that found it bad said. */
  readonly said: string;
  readonly firing: boolean;
}

export interface Track {
  /** Absent where there is no trouble, or where it is resolved. */
  readonly trouble: Lasting | undefined;
  /** Since when it has been seen well without a break; absent where the newest look found it bad. */
  readonly goodSince: number | undefined;
}

interface Stretch {
  readonly found: 'bad' | 'good';
  readonly from: number;
  /** When the next look found otherwise, else its last look. */
  to: number;
  lastLook: number;
  looks: number;
  said: string;
  /** Right before it something was not seen for so long that nothing is known of what was earlier. */
  readonly afresh: boolean;
}

/** Looks further apart than `near` are no neighbours: what lies between them was not seen, and counts for nothing. */
export function lasting(sightings: readonly Sighting[], near: number, rule: HowLong): Track {
  const stretches = stretchesOf(sightings, Math.max(rule.for, near), near);
  const newest = stretches.at(-1);
  const goodSince = newest?.found === 'good' ? newest.from : undefined;
  return { trouble: troubleIn(stretches, rule), goodSince };
}

/** Looks in a row that found the same, with nothing unseen between them. */
function stretchesOf(sightings: readonly Sighting[], longestGap: number, near: number): Stretch[] {
  const stretches: Stretch[] = [];
  let unseen = false;
  let last: Sighting | undefined;
  for (const sighting of sightings) {
    const { found, at, said } = sighting;
    if (found === 'unknown') {
      unseen = true;
      continue;
    }
    const away = last ? at - last.end : 0;
    const before = stretches.at(-1);
    if (before?.found === found && !unseen && away <= near) {
      before.to = Math.max(before.to, at);
      before.lastLook = before.to;
      before.looks += 1;
      before.said = said;
    } else {
      // What a look found is so until the next one finds otherwise.
      if (before && !unseen && away <= near) before.to = Math.max(before.to, at);
      const afresh = last === undefined || away > longestGap;
      stretches.push({ found, from: at, to: at, lastLook: at, looks: 1, said, afresh });
    }
    last = sighting;
    unseen = false;
  }
  return stretches;
}

const lengthOf = ({ from, to }: Stretch): number => to - from;

function troubleIn(stretches: readonly Stretch[], rule: HowLong): Lasting | undefined {
  const present = presentOf(stretches, rule);
  const bad = present.filter(({ found }) => found === 'bad');
  const [first] = bad;
  const newest = bad.at(-1);
  if (!first || !newest) return undefined;
  const goodMs = goodAtEnd(present);
  if (goodMs !== undefined && goodMs >= rule.clearFor) return undefined;
  const recent = recentOf(stretches, rule.within);
  const looks = bad.reduce((sum, each) => sum + each.looks, 0);
  return {
    since: first.from,
    badMs: bad.reduce((sum, each) => sum + lengthOf(each), 0),
    recentMs: recent.ms,
    recent: recent.spans,
    looks,
    row: newest.looks,
    goodMs,
    said: newest.said,
    firing: goodMs === undefined && recent.ms > rule.for && recent.looks >= rule.samples,
  };
}

/** Back to where it was well for long enough to be resolved, or not seen for so long that nothing is known of it. */
function presentOf(stretches: readonly Stretch[], { clearFor }: HowLong): readonly Stretch[] {
  const newest = stretches.length - 1;
  for (let index = newest; index >= 0; index -= 1) {
    const each = stretches[index] as Stretch;
    if (index < newest && each.found === 'good' && lengthOf(each) >= clearFor) return stretches.slice(index + 1);
    if (each.afresh) return stretches.slice(index);
  }
  return stretches;
}

function goodAtEnd(stretches: readonly Stretch[]): number | undefined {
  const newest = stretches.at(-1);
  return newest?.found === 'good' ? lengthOf(newest) : undefined;
}

/** How long it was bad in the last so much time that was seen: what nobody saw is left out. */
function recentOf(stretches: readonly Stretch[], within: number) {
  let left = within;
  let ms = 0;
  let looks = 0;
  const spans: Span[] = [];
  for (let index = stretches.length - 1; index >= 0 && left > 0; index -= 1) {
    const each = stretches[index] as Stretch;
    const counted = Math.min(lengthOf(each), left);
    left -= counted;
    if (each.found === 'bad') {
      ms += counted;
      looks += each.looks;
      spans.push({ from: Math.min(each.to - counted, each.lastLook), to: each.lastLook });
    }
    if (each.afresh) break;
  }
  return { ms, looks, spans };
}
