import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Version } from '../../model/version.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type Connections, databasesOf, ownTroubleAlone, type Witness } from '../windows/connections.ts';
import type { Failing } from '../windows/failing.ts';

type Rules = RulesConfig['database-connection'];

/**
 * Severe: connections to the databases of the version that is expected to run have failed for longer than `after`, the
 * application's, or rollbackd's own where the application says nothing.
 */
export function judgeDatabaseConnection(
  connections: Connections,
  version: Version,
  rules: Rules,
  now: number,
): Verdict {
  const { application, own } = connections;
  const troubled = [application, own].filter(({ fresh, trouble }) => fresh && trouble);
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
    ...finding(connections, worst, version, rules),
  };
}

type Finding = Pick<Verdict, 'verdict' | 'reason'>;

function finding(connections: Connections, worst: Failing | undefined, version: Version, rules: Rules): Finding {
  const alone = ownTroubleAlone(connections);
  if (alone) {
    const reason = `${lasted(alone, rules)} for rollbackd, while the application says that it is connected`;
    return { verdict: 'inconclusive', reason };
  }
  return worst ? findingOf(worst, rules) : withoutTrouble([connections.application, connections.own], version);
}

function findingOf(worst: Failing, rules: Rules): Finding {
  const { failingMs, looks, fineLooks, fineMs } = worst;
  const long = lasted(worst, rules);
  if (fineMs !== undefined) return { verdict: 'pending', reason: `works again; until then ${long}` };
  if (failingMs <= rules.after || looks < rules.samples) return { verdict: 'pending', reason: long };
  if (fineLooks > looks) return { verdict: 'pending', reason: `${long}; it worked in ${fineLooks} looks in between` };
  return { verdict: 'breach', reason: long };
}

function lasted({ said, failingMs, looks, since }: Failing, { after }: Rules): string {
  const threshold = `threshold ${formatDuration(after)}`;
  return `${said} for ${formatDuration(failingMs)} (${threshold}) in ${looks} looks since ${formatInstant(since)}`;
}

/** Trouble that nobody has looked at since has neither gone on nor ended. */
function withoutTrouble(witnesses: readonly Witness[], version: Version): Finding {
  const gone = witnesses.find(({ fresh, trouble }) => trouble && !fresh);
  if (gone) {
    const since = formatInstant(gone.last ?? 0);
    return { verdict: 'inconclusive', reason: `${gone.name} has told nothing since ${since}; ${gone.trouble?.said}` };
  }
  if (witnesses.some(({ fresh }) => fresh)) {
    return { verdict: 'clear', reason: `connections to ${databasesOf[version]} work` };
  }
  const last = Math.max(...witnesses.map(({ last: each = 0 }) => each));
  const since = last === 0 ? 'so far' : `since ${formatInstant(last)}`;
  return { verdict: 'inconclusive', reason: `nothing has told about connections ${since}` };
}
