import type { ProbesConfig, TargetConfig } from '../schema.ts';
import type { JourneyConfig } from './schema.ts';
import { namesIn } from './variables.ts';

const shortestPause = 1_000;
/** A timer may come so much early. */
const timerSlack = 50;

/** How often to look, so that one journey at a time each comes in its own time. Nothing where there is none. */
export function paceOf(probes: Pick<ProbesConfig, 'unified' | 'legacy'>): number | undefined {
  const paces = [probes.unified.journeys, probes.legacy.journeys]
    .filter((journeys) => journeys.length > 0)
    .map((journeys) => Math.min(...journeys.map(({ every }) => every)) / journeys.length);
  return paces.length === 0 ? undefined : Math.max(shortestPause, Math.min(...paces));
}

/** The journey that has waited longest beyond its time. `madeAt`: when each was made last, by the same clock as `now`. */
export function longestDue(
  journeys: readonly JourneyConfig[],
  madeAt: ReadonlyMap<string, number>,
  now: number,
): JourneyConfig | undefined {
  const waits = journeys.map((journey) => {
    const before = madeAt.get(journey.name);
    return { journey, overdue: before === undefined ? Number.POSITIVE_INFINITY : now - before - journey.every };
  });
  const due = waits.filter(({ overdue }) => overdue >= -timerSlack);
  return due.toSorted((one, other) => compare(other.overdue, one.overdue))[0]?.journey;
}

/** Two infinities are alike. */
const compare = (one: number, other: number): number => (one === other ? 0 : one - other);

/** Those of `target.tenants` as whom it is made. */
export function tenantsOf(journey: JourneyConfig, { tenants }: Pick<TargetConfig, 'tenants'>): TargetConfig['tenants'] {
  const needsLogin = usesLogin(journey);
  return tenants.filter(
    ({ slug, login }) => (journey.tenants?.includes(slug) ?? true) && (!needsLogin || login !== undefined),
  );
}

export const usesLogin = ({ steps }: JourneyConfig): boolean =>
  steps.some((step) => namesIn([step.headers, step.body, step.path]).some((name) => loginVariables.includes(name)));

const loginVariables: readonly string[] = ['email', 'password'];
