/** What one look says about something that should work; one that says nothing is left out. */
export interface Look {
  readonly at: number;
  readonly failing: boolean;
  readonly said: string;
}

/** Trouble that lasts: time between one look that found it and the next. */
export interface Failing {
  readonly since: number;
  readonly failingMs: number;
  readonly looks: number;
  /** What the last look that found it said. */
  readonly said: string;
  readonly fineSince: number | undefined;
  readonly last: number;
}

/** The present trouble, or none. Looks further apart than `near` are not neighbours: what lies between was not seen. */
export function failingOf(looks: readonly Look[], { near, clearAfter }: { near: number; clearAfter: number }) {
  let found: Failing | undefined;
  for (const look of looks) found = look.failing ? longer(found, look, near) : recovering(found, look, clearAfter);
  return found;
}

function longer(known: Failing | undefined, { at, said }: Look, near: number): Failing {
  if (!known) return { since: at, failingMs: 0, looks: 1, said, fineSince: undefined, last: at };
  const seen = known.fineSince === undefined && at - known.last <= near ? at - known.last : 0;
  const { since, failingMs, looks } = known;
  return { since, failingMs: failingMs + seen, looks: looks + 1, said, fineSince: undefined, last: at };
}

function recovering(known: Failing | undefined, { at }: Look, clearAfter: number): Failing | undefined {
  if (!known) return undefined;
  const fineSince = known.fineSince ?? at;
  return at - fineSince >= clearAfter ? undefined : { ...known, fineSince };
}
