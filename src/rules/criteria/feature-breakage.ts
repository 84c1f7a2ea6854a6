import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { duration, ratio } from '../../core/scalars.ts';
import { brokenFeatures } from '../sources/broken-features.ts';
import { emptyLists } from '../sources/empty-lists.ts';
import type { FailingFeature } from '../sources/failing-features.ts';
import { type FailingJourney, failingJourneys } from '../sources/journeys.ts';
import { failingByPrometheus, whySilent } from '../sources/prometheus.ts';
import { criterion, type JudgeInput, type Said } from './criterion.ts';
import { whyUnread } from './requests-verdict.ts';
import { howLongOf } from './share-stand.ts';

const settings = z.strictObject({
  above: ratio.prefault('50%').describe('A route or a tenant is broken where a larger share of its requests fails ...'),
  odds: z
    .number()
    .min(2)
    .default(1_000)
    .describe('... and chance alone would show it less than once in this many times.'),
  windows: z.array(duration).min(1).prefault(['30m', '1h']).describe('... in one of these times. The shortest first.'),
  failures: z.int().min(2).default(8).describe('Fewer failed requests never break a route or a tenant.'),
  tenants: z.int().min(2).default(2).describe('It is a breach where so many tenants are affected; fewer are told.'),
  samples: z
    .int()
    .min(2)
    .default(2)
    .describe(
      'A journey is broken for a tenant where so many in a row failed, and for all where so many times `tenants` did, of different tenants.',
    ),
});
type Settings = z.infer<typeof settings>;

/** The general error rate may be well while one thing does not work for anybody, or nothing works for some. */
export const featureBreakage = criterion({
  name: 'feature-breakage',
  tier: 'moderate',
  settings,
  about:
    'Moderate: a route, a journey or everything of several tenants fails (runbook: critical features not working for multiple tenants).',
  mends: 'code',
  judge(input, rules) {
    const broken = [...brokenFeatures(input, rules), ...brokenByPrometheus(input, rules)];
    const journeys = failingJourneys(input.samples, rules, input.from);
    const [worst = 0] = broken.map(({ share }) => share).sort((a, b) => b - a);
    const times = [...broken, ...journeys].flatMap((each) => each.since ?? []);
    return {
      value: journeys.length > 0 ? 1 : worst,
      threshold: rules.above,
      unit: 'share',
      samples: broken.reduce((sum, { all }) => sum + all, 0),
      windowMs: longestOf(rules),
      ...(times.length > 0 && { since: Math.min(...times) }),
      tenants: affected(broken, journeys),
      ...findingOf(broken, journeys, input, rules),
    };
  },
});

const longestOf = ({ windows }: Settings): number => Math.max(...windows);

function findingOf(
  broken: readonly FailingFeature[],
  journeys: readonly FailingJourney[],
  input: JudgeInput,
  rules: Settings,
): Said {
  const reason = [...broken, ...journeys]
    .map(({ said }) => said)
    .slice(0, 3)
    .join('; ');
  const unseen = whyUnread(input) ?? whySilent(input.samples, input.now);
  if (unseen && journeys.length === 0)
    return { verdict: 'inconclusive', reason: reason === '' ? unseen : `${unseen}; until then ${reason}` };
  if (reason === '') return withoutBreakage(input, rules);
  const isForMany = isForSeveral(broken, journeys, input, rules);
  const general = partOf(input, isForMany);
  if (general) return { verdict: 'inconclusive', reason: `part of ${general}: ${reason}` };
  if (isForMany) return { verdict: 'breach', reason };
  return {
    verdict: 'exempt',
    exemptBecause: 'one-tenant',
    told: true,
    reason: `${reason}; one tenant is no reason for a rollback`,
  };
}

const brokenByPrometheus = ({ samples, requests, from, now }: JudgeInput, { above }: Settings): FailingFeature[] =>
  failingByPrometheus(samples, { above, rule: howLongOf(requests), from, now });

/** Where nobody knows for whom a route fails (the log names no tenants), it fails for everybody. */
function isForSeveral(
  broken: readonly FailingFeature[],
  journeys: readonly FailingJourney[],
  { tenants }: JudgeInput,
  rules: Settings,
): boolean {
  const isEverybodys = ({ kind, tenants: named }: FailingFeature) =>
    kind === 'route' && (named.length === 0 || tenants.size < rules.tenants);
  return broken.some(isEverybodys) || affected(broken, journeys).length >= rules.tenants;
}

const affected = (...failing: readonly (readonly { readonly tenants: readonly string[] }[])[]): string[] =>
  [...new Set(failing.flat().flatMap(({ tenants }) => tenants))].sort();

/** Where the application fails as a whole, or has just done so, its routes and tenants are no trouble of their own. */
const asAWhole: readonly string[] = ['unavailable', 'error-rate-severe', 'error-rate-moderate'];

const partOf = ({ judged }: JudgeInput, isForMany: boolean): string | undefined =>
  judged.find(({ criterion: name, verdict, since }) => {
    const has = verdict === 'breach' || verdict === 'pending' || (verdict === 'exempt' && !isForMany);
    return asAWhole.includes(name) && since !== undefined && has;
  })?.criterion;

function withoutBreakage({ samples, from }: JudgeInput, rules: Settings): Said {
  const empty = emptyLists(samples, from);
  if (empty.length > 0) {
    const reason = `${empty.join(', ')} answers every tenant with an empty list, the others do not`;
    return { verdict: 'exempt', exemptBecause: 'empty-list', told: true, reason };
  }
  const isSeen = [samples.requests, samples.synthetic, samples.journeys].some(({ length }) => length > 0);
  if (!isSeen) return { verdict: 'inconclusive', reason: 'no requests and no journeys to judge by' };
  return {
    verdict: 'clear',
    reason: `no route, tenant or journey fails as such in ${formatDuration(longestOf(rules))}`,
  };
}
