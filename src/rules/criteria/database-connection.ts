import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type Failing, failingOf, type Look } from '../windows/failing.ts';
import { neighbourhood } from '../windows/limits.ts';
import type { Windows } from '../windows/windows.ts';

type Rules = RulesConfig['database-connection'];

/** Severe: connections to the unified database have failed for longer than `after`, the application's or rollbackd's own. */
export function judgeDatabaseConnection(windows: Windows, rules: Rules, now: number, from = 0): Verdict {
  const { clearAfter } = rules;
  const looks = [applicationLooks(windows), ownLooks(windows)].map((each) => each.filter(({ at }) => at >= from));
  const every = [windows.limits.healthEvery, windows.limits.mongoEvery].map(neighbourhood);
  const found = looks.flatMap((each, index) => failingOf(each, { near: every[index] ?? 0, clearAfter }) ?? []);
  const [worst] = found.sort((a, b) => b.failingMs - a.failingMs);
  const last = Math.max(0, ...looks.flat().map(({ at }) => at));
  const patience = Math.max(...every);
  return {
    criterion: 'database-connection',
    tier: 'severe',
    value: worst?.failingMs ?? 0,
    threshold: rules.after,
    unit: 'ms',
    samples: worst?.looks ?? 0,
    windowMs: worst ? now - worst.since : rules.after,
    ...(worst && { since: worst.since }),
    tenants: [],
    ...finding(worst, rules, now - last > patience ? last : undefined),
  };
}

function finding(worst: Failing | undefined, rules: Rules, blindSince: number | undefined) {
  if (blindSince !== undefined) {
    const since = blindSince === 0 ? '' : ` since ${formatInstant(blindSince)}`;
    return { verdict: 'inconclusive', reason: `nothing has told about connections${since}` } as const;
  }
  if (!worst) return { verdict: 'clear', reason: 'connections to the unified database work' } as const;
  const said = `${worst.said} for ${formatDuration(worst.failingMs)} (threshold ${formatDuration(rules.after)}) in ${worst.looks} looks since ${formatInstant(worst.since)}`;
  if (worst.fineSince !== undefined) return { verdict: 'pending', reason: `works again; ${said}` } as const;
  const long = worst.failingMs > rules.after && worst.looks >= rules.samples;
  return long ? ({ verdict: 'breach', reason: said } as const) : ({ verdict: 'pending', reason: said } as const);
}

/** What the application says of itself. */
const applicationLooks = ({ health }: Windows): Look[] =>
  health.flatMap(({ at, values }): Look[] => {
    const database = values?.application.database;
    if (database === undefined) return [];
    return [{ at, failing: database === 'disconnected', said: 'the application says that it has no database' }];
  });

const ownLooks = ({ mongo }: Windows): Look[] =>
  mongo.flatMap(({ at, values }): Look[] => {
    if (!values) return [];
    const refused = values.unified === 'login-refused';
    const said = refused ? 'the unified database refuses the login' : 'the unified database cannot be reached';
    return [{ at, failing: values.unified !== 'reachable', said }];
  });
