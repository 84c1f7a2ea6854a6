import { formatDuration } from '../../core/duration.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Samples } from '../samples/samples.ts';
import { countedSlot, troubled } from './counted-slot.ts';
import {
  type FailingFeature,
  type FeatureRules,
  failingRoutes,
  failingTenants,
  newlyRefusing,
  refusing,
} from './failing-features.ts';
import { completeUntil, type Source, slotsOf } from './requests.ts';

interface Asked {
  readonly samples: Samples;
  readonly from: number;
  readonly now: number;
  readonly tenants: ReadonlySet<string>;
}

interface Rules extends FeatureRules {
  readonly windows: readonly number[];
}

/** By real requests, else by rollbackd's own; in the shortest window that shows any. */
export function brokenFeatures(asked: Asked, rules: Rules): FailingFeature[] {
  const { samples, from, now } = asked;
  const longest = Math.max(...rules.windows);
  for (const source of ['real', 'own'] as const) {
    const to = completeUntil(source, samples, now);
    const newest = slotsOf(source, samples).at(-1);
    if (!newest || newest.at < Math.max(from, to - longest)) continue;
    for (const over of rules.windows) {
      const found = brokenIn(source, over, to, asked, rules);
      if (found.length > 0) return found;
    }
    return [];
  }
  return [];
}

/** What was broken is no longer where most of the newest requests go well. */
const newestPart = 6;

function brokenIn(source: Source, over: number, to: number, asked: Asked, rules: Rules): FailingFeature[] {
  const slots = slotsOf(source, asked.samples);
  const first = Math.max(asked.from, to - over);
  const named = troubled(slots, first, to, rules.failures);
  if (named.routes.size + named.tenants.size === 0) return [];
  const slot = countedSlot(slots, named, first, to);
  const isTenant = (slug: string) => asked.tenants.has(slug) || onceServed(slug, slots, asked.from, first);
  const found = [
    ...failingRoutes(slot, isTenant, rules),
    ...failingTenants(slot, isTenant, rules),
    ...refusedAnew(slot, first, over, asked, rules),
  ];
  const newest = countedSlot(slots, named, Math.max(first, to - over / newestPart), to);
  return found
    .filter((each) => isStillSo(each, newest, rules))
    .map((each) => ({ ...each, said: `${each.said} in ${formatDuration(over)}` }));
}

/** Whoever was answered well before is somebody's customer, and nobody's invention. */
const onceServed = (slug: string, slots: readonly RequestSlot[], from: number, first: number): boolean =>
  slots.some(
    ({ at, tenants }) =>
      at >= from && at < first && tenants.some((each) => each.tenant === slug && each.requests > each.errors),
  );

function isStillSo({ kind, name }: FailingFeature, newest: RequestSlot, { above }: Rules): boolean {
  const found =
    kind === 'route'
      ? newest.routes.find(({ route }) => route === name)
      : newest.tenants.find(({ tenant }) => tenant === name);
  if (!found) return true;
  const { requests, errors, refused = 0 } = found;
  return errors + refused > above * (requests + refused);
}

function refusedAnew(
  slot: RequestSlot,
  first: number,
  over: number,
  { samples, from }: Asked,
  rules: Rules,
): FailingFeature[] {
  const routes = refusing(slot, rules);
  if (routes.length === 0) return [];
  const begin = Math.max(from, samples.requests[0]?.at ?? first);
  const named = { routes: new Set(routes.map(({ route }) => route)), tenants: new Set<string>() };
  const before = countedSlot(samples.requests, named, begin, first);
  return newlyRefusing(routes, before, Math.max(1, (first - begin) / over), rules);
}
