import type { RulesConfig } from '../schema.ts';
import type { IsolationLook, Windows } from './windows.ts';

type Rules = RulesConfig['cross-tenant-leak'];

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
  /** Looks of the window that proved something, and those of them that showed documents of another tenant. */
  readonly looks: number;
  readonly leaks: number;
  readonly leaksInARow: number;
  /**
   * `confirmed`: seen again when asked again, and not refuted by as many clean looks.
   * `stale`: a leak was the last thing seen, longer ago than the window: neither proof nor pass.
   */
  readonly state: 'clean' | 'suspected' | 'confirmed' | 'stale';
  readonly since: number | undefined;
  readonly lastLook: number;
  /** Most documents of others in one answer. */
  readonly documents: number;
  readonly example: string;
  readonly owners: readonly string[];
}

export function questionHistories(windows: Windows, rules: Rules, scope: LeakScope, now: number): QuestionHistory[] {
  const counted = windows.isolation.filter(
    (look) => look.trusted && !scope.leakedBefore.has(look.route) && look.at >= scope.from && proves(look),
  );
  const byQuestion = Map.groupBy(counted, ({ question }) => question);
  return [...byQuestion.values()].flatMap((looks) => historyOf(looks, rules, now));
}

/** An answer without a single document of known owner proves nothing. */
const proves = (look: IsolationLook): boolean => look.checked > 0 || look.foreignCount > 0;

function historyOf(looks: readonly IsolationLook[], rules: Rules, now: number): QuestionHistory[] {
  const last = looks.at(-1);
  if (!last) return [];
  const recent = looks.filter((look) => look.at >= now - rules.window);
  const leaks = looks.filter((look) => look.foreignCount > 0);
  const streak = looks.reduce((known, look) => followed(known, look, rules.samples), noStreak);
  const recentLeaks = streak.leaks.filter((at) => at >= now - rules.window);
  const worst = leaks.reduce((most, look) => (look.foreignCount >= most.foreignCount ? look : most), last);
  const state = stateOf(streak, recentLeaks.length, rules);
  return [
    {
      tenant: last.tenant,
      route: last.route,
      ask: last.ask,
      looks: recent.length,
      leaks: recent.filter((look) => look.foreignCount > 0).length,
      leaksInARow: streak.leaksInARow,
      state,
      since: recentLeaks[0] ?? streak.leaks[0],
      lastLook: last.at + last.tookMs,
      documents: worst.foreignCount,
      example: worst.foreign[0]?.id ?? '',
      owners: [...new Set(leaks.flatMap((look) => look.owners))].sort(),
    },
  ];
}

interface Streak {
  readonly leaksInARow: number;
  readonly cleanInARow: number;
  readonly confirmed: boolean;
  /** When it leaked, since a confirmed leak was refuted last. */
  readonly leaks: readonly number[];
}

const noStreak: Streak = { leaksInARow: 0, cleanInARow: 0, confirmed: false, leaks: [] };

function followed(known: Streak, look: IsolationLook, samples: number): Streak {
  if (look.foreignCount > 0) {
    const leaksInARow = known.leaksInARow + 1;
    const confirmed = known.confirmed || leaksInARow >= samples;
    return { leaksInARow, cleanInARow: 0, confirmed, leaks: [...known.leaks, look.at].slice(-1_000) };
  }
  const cleanInARow = known.cleanInARow + 1;
  const refuted = known.confirmed && cleanInARow >= samples;
  return {
    leaksInARow: 0,
    cleanInARow,
    confirmed: known.confirmed && !refuted,
    leaks: refuted ? [] : known.leaks,
  };
}

/**
 * A clean look refutes a suspicion, as many clean looks as confirm it refute a leak. Where it leaks now and then
 * (one worker of several), twice as many leaks within the window confirm it, and only time refutes it.
 */
function stateOf(streak: Streak, recentLeaks: number, { samples }: Rules): QuestionHistory['state'] {
  if (recentLeaks >= 2 * samples) return 'confirmed';
  const suspected = streak.confirmed || streak.leaksInARow > 0;
  if (!suspected) return 'clean';
  if (recentLeaks === 0) return 'stale';
  return streak.confirmed ? 'confirmed' : 'suspected';
}
