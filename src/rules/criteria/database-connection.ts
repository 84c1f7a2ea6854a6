import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { ratio } from '../../core/scalars.ts';
import type { Version } from '../../model/version.ts';
import { formatInstant } from '../instant.ts';
import { howLongSettings } from '../samples/how-long-settings.ts';
import type { HowLong, Lasting } from '../samples/lasting.ts';
import type { Samples } from '../samples/samples.ts';
import { type Connections, databasesOf, ownTroubleAlone, type Witness } from '../sources/connections.ts';
import { realServed } from '../sources/served.ts';
import { criterion, type Said } from './criterion.ts';

const settings = z.strictObject({
  ...howLongSettings({ for: '2m', within: '5m', clearFor: '1m', samples: 5 }),
  served: ratio
    .prefault('95%')
    .describe('It is a contradiction, and no breach, while a larger share of real requests is answered well.'),
});
type Settings = z.infer<typeof settings>;

/** By the application's own word, or rollbackd's where the application says nothing. */
export const databaseConnection = criterion({
  name: 'database-connection',
  tier: 'severe',
  settings,
  about:
    "Severe: connections to the databases of the version that is expected to run fail, by the application's own word, or by rollbackd's where the application says nothing.",
  mends: 'connection',
  judge({ connections, version, samples, now }, rules) {
    const { application, own } = connections;
    const troubled = [application, own].filter(({ fresh, trouble }) => fresh && trouble);
    const [worst] = troubled.flatMap(({ trouble }) => trouble ?? []).sort((a, b) => b.recentMs - a.recentMs);
    return {
      value: worst?.recentMs ?? 0,
      threshold: rules.for,
      unit: 'ms',
      samples: worst?.looks ?? 0,
      windowMs: rules.within,
      ...(worst && { since: worst.since }),
      tenants: [],
      ...findingOf(connections, worst, version, { ...rules, users: usersServed(samples, rules, now) }),
    };
  },
});

/** Most real requests of that time went well. */
const usersServed = (samples: Samples, rules: Settings, now: number): string | undefined =>
  realServed(samples, now - rules.for, now, rules.served);

/** Users who are served are the strongest vantage: whatever the health says of its database, they get at their data. */
interface Served extends HowLong {
  readonly users: string | undefined;
}

function served(worst: Lasting, rules: Served): Said | undefined {
  const { users } = rules;
  if (users === undefined || worst.goodMs !== undefined) return undefined;
  const reason = `${inWords(worst, rules)}; but ${users}: look at what the health route says`;
  return { verdict: 'inconclusive', told: worst.recentMs > rules.for, reason };
}

function findingOf(connections: Connections, worst: Lasting | undefined, version: Version, rules: Served): Said {
  const alone = ownTroubleAlone(connections);
  if (alone) {
    const reason = `${inWords(alone, rules)} for rollbackd, while the application says that it is connected`;
    return { verdict: 'inconclusive', reason };
  }
  if (!worst) return withoutTrouble([connections.application, connections.own], version);
  const contradicted = served(worst, rules);
  if (contradicted) return contradicted;
  const said = inWords(worst, rules);
  if (worst.goodMs !== undefined) return { verdict: 'pending', reason: `works again; until then ${said}` };
  return { verdict: worst.firing ? 'breach' : 'pending', reason: said };
}

function inWords({ said, badMs, looks, since }: Lasting, rules: HowLong): string {
  const threshold = `threshold ${formatDuration(rules.for)} of ${formatDuration(rules.within)}`;
  return `${said} for ${formatDuration(badMs)} (${threshold}) in ${looks} looks since ${formatInstant(since)}`;
}

/** Trouble that nobody has looked at since has neither gone on nor ended. */
function withoutTrouble(witnesses: readonly Witness[], version: Version): Said {
  const [gone] = witnesses.flatMap(({ name, last = 0, fresh, trouble }) =>
    trouble && !fresh ? [`${name} has told nothing since ${formatInstant(last)}; ${trouble.said}`] : [],
  );
  if (gone) return { verdict: 'inconclusive', reason: gone };
  if (witnesses.some(({ fresh }) => fresh)) {
    return { verdict: 'clear', reason: `connections to ${databasesOf[version]} work` };
  }
  const last = Math.max(...witnesses.map(({ last: each = 0 }) => each));
  const since = last === 0 ? 'so far' : `since ${formatInstant(last)}`;
  return { verdict: 'inconclusive', reason: `nothing has told about connections ${since}` };
}
