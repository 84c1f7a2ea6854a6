import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type Failing, failingOf, type Look } from '../windows/failing.ts';
import { neighbourhood } from '../windows/limits.ts';
import { eyesight } from '../windows/sights.ts';
import type { Windows } from '../windows/windows.ts';

type Rules = RulesConfig['database-connection'];

/** Who tells about connections, and what that comes to now. */
interface Witness {
  readonly name: string;
  readonly trouble: Failing | undefined;
  /** The newest look that said something; absent where none has. */
  readonly last: number | undefined;
  readonly fresh: boolean;
}

/** Severe: connections to the unified database have failed for longer than `after`, the application's or rollbackd's own. */
export function judgeDatabaseConnection(windows: Windows, rules: Rules, now: number, from = 0): Verdict {
  const { healthEvery, mongoEvery } = windows.limits;
  const witnesses = [
    witness('the application', applicationLooks(windows, from), healthEvery, rules, now),
    witness('the mongo probe', ownLooks(windows, from, now), mongoEvery, rules, now),
  ];
  const troubled = witnesses.filter(({ fresh, trouble }) => fresh && trouble);
  const [worst] = troubled.flatMap(({ trouble }) => trouble ?? []).sort((a, b) => b.failingMs - a.failingMs);
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
    ...(worst ? findingOf(worst, rules) : withoutTrouble(witnesses)),
  };
}

function witness(name: string, looks: readonly Look[], everyMs: number, rules: Rules, now: number): Witness {
  const near = neighbourhood(everyMs);
  const last = looks.at(-1)?.at;
  const fresh = last !== undefined && now - last <= near;
  return { name, trouble: failingOf(looks, { near, ...rules }), last, fresh };
}

type Finding = Pick<Verdict, 'verdict' | 'reason'>;

function findingOf({ said, failingMs, looks, fineLooks, fineMs, since }: Failing, rules: Rules): Finding {
  const threshold = `threshold ${formatDuration(rules.after)}`;
  const long = `${said} for ${formatDuration(failingMs)} (${threshold}) in ${looks} looks since ${formatInstant(since)}`;
  if (fineMs !== undefined) return { verdict: 'pending', reason: `works again; until then ${long}` };
  if (failingMs <= rules.after || looks < rules.samples) return { verdict: 'pending', reason: long };
  if (fineLooks > looks) return { verdict: 'pending', reason: `${long}; it worked in ${fineLooks} looks in between` };
  return { verdict: 'breach', reason: long };
}

/** Trouble that nobody has looked at since has neither gone on nor ended. */
function withoutTrouble(witnesses: readonly Witness[]): Finding {
  const gone = witnesses.find(({ fresh, trouble }) => trouble && !fresh);
  if (gone) {
    const since = formatInstant(gone.last ?? 0);
    return { verdict: 'inconclusive', reason: `${gone.name} has told nothing since ${since}; ${gone.trouble?.said}` };
  }
  if (witnesses.some(({ fresh }) => fresh)) {
    return { verdict: 'clear', reason: 'connections to the unified database work' };
  }
  const last = Math.max(...witnesses.map(({ last: each = 0 }) => each));
  const since = last === 0 ? 'so far' : `since ${formatInstant(last)}`;
  return { verdict: 'inconclusive', reason: `nothing has told about connections ${since}` };
}

/** What the application says of itself. */
const applicationLooks = ({ health }: Windows, from: number): Look[] =>
  health.flatMap(({ at, values }): Look[] => {
    const database = at < from ? undefined : values?.application.database;
    if (database === undefined) return [];
    return [{ at, failing: database === 'disconnected', said: 'the application says that it has no database' }];
  });

/** What rollbackd cannot reach is the server's fault only while rollbackd's own eyesight is well. */
function ownLooks({ mongo, control, limits }: Windows, from: number, now: number): Look[] {
  const range = neighbourhood(limits.controlEvery);
  return mongo.flatMap((look): Look[] => {
    const { at, values } = look;
    if (!values || at < from) return [];
    if (values.unified === 'reachable') return [{ at, failing: false, said: '' }];
    // A wrong password is rollbackd's own: how the application fares with its own is for the application to say.
    if (values.unified === 'login-refused') return [];
    if (eyesight(look, control, range, now) !== 'well') return [];
    return [{ at, failing: true, said: 'the unified database cannot be reached' }];
  });
}
