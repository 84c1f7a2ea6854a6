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
  /** Looks in between that found nothing wrong. */
  readonly fineLooks: number;
  /** What the last look that found it said. */
  readonly said: string;
  /** How long it has been well again without a break; absent where the last look found it. */
  readonly fineMs: number | undefined;
}

export interface FailingRules {
  /** Looks further apart are no neighbours: what lies between was not seen. */
  readonly near: number;
  /** After a longer gap nothing is known of what was before it. */
  readonly after: number;
  /** How long it must have been seen well before the trouble is over. */
  readonly clearAfter: number;
}

/** The present trouble, or none. */
export function failingOf(looks: readonly Look[], rules: FailingRules): Failing | undefined {
  let trouble: Failing | undefined;
  let last: Look | undefined;
  for (const look of looks) {
    const away = last ? look.at - last.at : 0;
    const seen = last?.failing === look.failing && away <= rules.near ? away : 0;
    const known = away > Math.max(rules.after, rules.near) ? undefined : trouble;
    trouble = look.failing ? longer(known, look, seen) : recovering(known, seen, rules.clearAfter);
    last = look;
  }
  return trouble;
}

function longer(known: Failing | undefined, { at, said }: Look, seen: number): Failing {
  const { since, failingMs, looks, fineLooks } = known ?? { since: at, failingMs: 0, looks: 0, fineLooks: 0 };
  return { since, failingMs: failingMs + seen, looks: looks + 1, fineLooks, said, fineMs: undefined };
}

function recovering(known: Failing | undefined, seen: number, clearAfter: number): Failing | undefined {
  if (!known) return undefined;
  const fineMs = (known.fineMs ?? 0) + seen;
  return fineMs >= clearAfter ? undefined : { ...known, fineMs, fineLooks: known.fineLooks + 1 };
}
