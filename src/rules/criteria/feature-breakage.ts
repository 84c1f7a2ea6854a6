import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { duration, ratio } from '../../core/scalars.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { indexFrom } from '../samples/eyesight.ts';
import { emptyLists } from '../sources/empty-lists.ts';
import { type FailingFeature, failingRoutes, failingTenants, refusingRoutes } from '../sources/failing-features.ts';
import { type FailingJourney, failingJourneys } from '../sources/journeys.ts';
import { completeUntil, pooledSlot, slotsOf } from '../sources/requests.ts';
import { criterion, type Finding, type JudgeInput } from './criterion.ts';

const settings = z.strictObject({
  above: ratio.prefault('50%').describe('A route or a tenant is broken where a larger share of its requests fails ...'),
  odds: z
    .number()
    .min(2)
    .default(1_000)
    .describe('... and chance alone would show it less than once in this many times.'),
  over: duration.prefault('1h').describe('All requests of so long are taken together.'),
  failures: z.int().min(2).default(8).describe('Fewer failed requests never break a route or a tenant.'),
  tenants: z.int().min(2).default(2).describe('It is a breach where so many tenants are affected; fewer are told.'),
  samples: z.int().min(2).default(2).describe('A journey is broken for a tenant where so many in a row failed.'),
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
    const broken = brokenIn(input, rules);
    const journeys = failingJourneys(input.samples, rules.samples, input.from);
    const tenants = [...new Set([...broken, ...journeys].flatMap((each) => each.tenants))].sort();
    const worst = broken.map(({ all, bad }) => bad / all).sort((a, b) => b - a)[0] ?? 0;
    const since = journeys.map((journey) => journey.since).sort((a, b) => a - b)[0];
    return {
      value: journeys.length > 0 ? 1 : worst,
      threshold: rules.above,
      unit: 'share',
      samples: broken.reduce((sum, { all }) => sum + all, 0),
      windowMs: rules.over,
      ...(since !== undefined && { since }),
      tenants,
      ...findingOf(broken, journeys, input, rules),
    };
  },
});

/** By real requests, else by rollbackd's own. */
function brokenIn(input: JudgeInput, rules: Settings): FailingFeature[] {
  for (const source of ['real', 'own'] as const) {
    const slots = slotsOf(source, input.samples);
    const to = completeUntil(source, input.samples, input.now);
    const first = Math.max(input.from, to - rules.over);
    if ((slots.at(-1)?.at ?? 0) < first) continue;
    const slot = isWell(slots, first, to, rules) ? undefined : pooledSlot(source, input.samples, first, to);
    if (!slot) return [];
    const newest = pooledSlot(source, input.samples, Math.max(first, to - rules.over / newestPart), to);
    return featuresOf(slot, to, input, rules).filter((each) => !newest || isStillSo(each, newest, rules));
  }
  return [];
}

/** What was broken is no longer where most of the newest requests go well. */
const newestPart = 6;

function isStillSo({ kind, name }: FailingFeature, newest: RequestSlot, { above }: Settings): boolean {
  const found =
    kind === 'route'
      ? newest.routes.find(({ route }) => route === name)
      : newest.tenants.find(({ tenant }) => tenant === name);
  if (!found) return true;
  const { requests, errors, refused = 0 } = found;
  return errors + refused > above * (requests + refused);
}

const featuresOf = (slot: RequestSlot, to: number, input: JudgeInput, rules: Settings): FailingFeature[] => [
  ...failingRoutes(slot, rules),
  ...failingTenants(slot, input.tenants, rules),
  ...refusing(slot, to, input, rules),
];

/** Hardly anything failed or was refused: nothing can be broken, and nothing is to be added up. */
function isWell(slots: readonly RequestSlot[], from: number, to: number, { failures }: Settings): boolean {
  let bad = 0;
  for (let index = indexFrom(slots, from); index < slots.length; index += 1) {
    const slot = slots[index];
    if (!slot || slot.at >= to) break;
    bad += slot.errors + (slot.refused ?? 0);
  }
  return bad < failures;
}

function refusing(slot: RequestSlot, to: number, { samples, from }: JudgeInput, rules: Settings): FailingFeature[] {
  const first = Math.max(from, samples.requests[0]?.at ?? to);
  const before = pooledSlot('real', samples, first, to - rules.over);
  return before ? refusingRoutes(slot, before, (to - rules.over - first) / rules.over, rules) : [];
}

type Said = Pick<Finding, 'verdict' | 'reason' | 'exemptBecause' | 'told'>;

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
  const general = partOf(input);
  if (reason === '') return withoutBreakage(input, rules);
  if (general) return { verdict: 'inconclusive', reason: `part of ${general}: ${reason}` };
  const within = `${reason} (in ${formatDuration(rules.over)})`;
  if (
    broken.some((each) => isForSeveral(each, broken, input, rules)) ||
    journeys.some(({ tenants }) => tenants.length >= rules.tenants)
  )
    return { verdict: 'breach', reason: within };
  return {
    verdict: 'exempt',
    exemptBecause: 'one-tenant',
    told: true,
    reason: `${within}; one tenant is no reason for a rollback`,
  };
}

/** A log that names no tenants cannot tell: then a broken route is everybody's. */
function isForSeveral(
  { kind, tenants }: FailingFeature,
  all: readonly FailingFeature[],
  input: JudgeInput,
  rules: Settings,
) {
  if (kind === 'tenant') return all.filter((each) => each.kind === 'tenant').length >= rules.tenants;
  if (input.tenants.size < rules.tenants || tenants.length === 0) return true;
  return tenants.length >= rules.tenants;
}

/** Where the application fails as a whole, or has just done so, its routes and tenants are no trouble of their own. */
const asAWhole: readonly string[] = ['unavailable', 'error-rate-severe', 'error-rate-moderate'];

const partOf = ({ judged }: JudgeInput): string | undefined =>
  judged.find(
    ({ criterion: name, verdict, since }) =>
      asAWhole.includes(name) && since !== undefined && verdict !== 'clear' && verdict !== 'inconclusive',
  )?.criterion;

function withoutBreakage({ samples, from }: JudgeInput, { over }: Settings): Said {
  const empty = emptyLists(samples, from);
  if (empty.length > 0) {
    const reason = `${empty.join(', ')} answers every tenant with an empty list, the others do not`;
    return { verdict: 'exempt', exemptBecause: 'empty-list', told: true, reason };
  }
  const seen = samples.requests.length + samples.synthetic.length + samples.journeys.length;
  if (seen === 0) return { verdict: 'inconclusive', reason: 'no requests and no journeys to judge by' };
  return { verdict: 'clear', reason: `no route, tenant or journey fails as such in ${formatDuration(over)}` };
}
