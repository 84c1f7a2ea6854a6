import type { Refuting } from '../samples/limits.ts';
import type { IsolationLook, Samples } from '../samples/samples.ts';

export interface LeakRules {
  /** How long a proof counts. */
  readonly window: number;
  /** So many proofs are a breach. */
  readonly samples: number;
}

export interface LeakScope {
  /** Routes that leaked before the migration: a baseline, not a breach. */
  readonly leakedBefore: ReadonlySet<string>;
  /** Looks before this moment do not count: the application was another one, or in our own hands. */
  readonly from: number;
}

/** What one question (as one tenant, on one trusted route) has shown. */
export interface QuestionHistory {
  readonly tenant: string;
  readonly route: string;
  readonly ask: IsolationLook['ask'];
  readonly via: IsolationLook['via'];
  /** Looks since it leaked first, and those of them that leaked. */
  readonly looks: number;
  readonly leaks: number;
  /** Leaks of the last `window`, and those that nothing has refuted. */
  readonly proofs: number;
  /**
   * `leaking`: the last leak is not refuted. `stale`: nor is it, but that is longer ago than the window, and nobody could
   * ask since: neither proof nor pass.
   */
  readonly state: 'clean' | 'leaking' | 'stale';
  readonly since: number | undefined;
  readonly lastLook: number;
  /** Most documents of others in one answer. */
  readonly documents: number;
  readonly example: string;
  readonly owners: readonly string[];
}

export function questionHistories(
  samples: Samples,
  rules: LeakRules,
  scope: LeakScope,
  now: number,
): QuestionHistory[] {
  const counts = (look: IsolationLook) =>
    look.trusted && !scope.leakedBefore.has(look.route) && look.at >= scope.from && proves(look);
  return [...samples.isolation.values()].flatMap((looks) =>
    // One that has never leaked is told by its last look.
    historyOf(
      looks.some(leaked) ? looks.filter(counts) : [looks.findLast(counts) ?? []].flat(),
      { ...rules, refuting: samples.limits.refuting },
      now,
    ),
  );
}

/** An answer without a single document of known owner proves nothing. */
const proves = (look: IsolationLook): boolean => look.checked > 0 || look.foreignCount > 0;
export const leaked = (look: IsolationLook): boolean => look.foreignCount > 0;

interface Counting extends LeakRules {
  readonly refuting: Refuting;
}

function historyOf(looks: readonly IsolationLook[], rules: Counting, now: number): QuestionHistory[] {
  const last = looks.at(-1);
  if (!last) return [];
  const trouble = unrefuted(looks, rules.refuting);
  const leaks = trouble.filter(leaked);
  const worst = leaks.reduce((most, look) => (look.foreignCount >= most.foreignCount ? look : most), last);
  return [
    {
      tenant: last.tenant,
      route: last.route,
      ask: last.ask,
      via: last.via,
      looks: trouble.length,
      leaks: leaks.length,
      proofs: looks.filter((look) => leaked(look) && (now - look.at <= rules.window || trouble.includes(look))).length,
      state: stateOf(trouble, rules, now),
      since: leaks[0]?.at,
      lastLook: last.at + last.tookMs,
      documents: worst.foreignCount,
      example: worst.foreign[0]?.id ?? '',
      owners: [...new Set(leaks.flatMap((look) => look.owners))].sort(),
    },
  ];
}

/** From the first leak on that clean answers have not refuted: as many as chance would hardly show if it leaked on as before. */
export function unrefuted(looks: readonly IsolationLook[], rules: Refuting): IsolationLook[] {
  let trouble: IsolationLook[] = [];
  let clean = 0;
  let lastLeak = 0;
  for (const look of looks) {
    if (trouble.length === 0 && !leaked(look)) continue;
    trouble.push(look);
    if (leaked(look)) {
      clean = 0;
      lastLeak = look.at;
    } else if (look.at - lastLeak >= rules.after) clean += 1;
    if (clean >= toRefute(trouble, lastLeak, rules)) trouble = [];
  }
  return trouble;
}

/** The rarer it leaked, the more clean answers it takes. */
function toRefute(trouble: readonly IsolationLook[], lastLeak: number, { samples, clearOdds }: Refuting): number {
  const until = trouble.filter(({ at }) => at <= lastLeak);
  const share = until.filter(leaked).length / until.length;
  return Math.max(samples, Math.ceil(Math.log(clearOdds) / -Math.log(1 - share)));
}

function stateOf(trouble: readonly IsolationLook[], { window }: LeakRules, now: number): QuestionHistory['state'] {
  const last = trouble.at(-1);
  if (!last) return 'clean';
  return now - last.at > window ? 'stale' : 'leaking';
}
