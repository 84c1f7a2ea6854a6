import type { Decision } from '../model/decision.ts';
import type { Tier } from '../model/tier.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import type { Incident } from './state.ts';
import { toldIn } from './worst.ts';

const harm: Readonly<Record<Tier, number>> = { moderate: 0, severe: 1, critical: 2 };

type Before = Pick<Incident, 'worst' | 'frozen' | 'status'>;

/**
 * In what way things are worse now than what people know of this incident; `undefined` where they are not.
 * A list of tenants that jitters is no news, and after a no neither is one more tenant.
 */
export function isMateriallyWorse(before: Before, now: Decision): string | undefined {
  const frozen = before.frozen?.decision;
  if (!frozen) return undefined;
  return newBreach(before, frozen, now) ?? higherTier(frozen, now) ?? moreTenants(before, now) ?? doubled(before, now);
}

const breachesOf = ({ verdicts }: Decision): Verdict[] => verdicts.filter((verdict) => verdict.verdict === 'breach');

function newBreach(before: Before, frozen: Decision, now: Decision): string | undefined {
  const asked = breachesOf(frozen).map(({ criterion }) => criterion);
  const breaches = breachesOf(now).map(({ criterion }) => criterion);
  const stands = breaches.some((criterion) => asked.includes(criterion));
  const known = stands ? [...asked, ...comingAndGoing(before)] : asked;
  const added = breaches.filter((criterion) => !known.includes(criterion));
  return added.length > 0 ? `${added.join(', ')} is now in breach too` : undefined;
}

/** What was told, and comes back beside what people are asked about, is no news; a leak always is, and all is after a no. */
const comingAndGoing = ({ worst, status }: Before): CriterionName[] =>
  status === 'rejected'
    ? []
    : worst.flatMap(({ criterion, value }) => (value > 0 && criterion !== 'cross-tenant-leak' ? [criterion] : []));

function higherTier(frozen: Decision, now: Decision): string | undefined {
  if (!now.tier || !frozen.tier || harm[now.tier] <= harm[frozen.tier]) return undefined;
  return `the tier rose from ${frozen.tier} to ${now.tier}`;
}

/** Each further tenant of a leak is another customer's documents handed out; of all else it takes as many again. */
function moreTenants({ worst, status }: Before, now: Decision): string | undefined {
  for (const { criterion, tenants } of toldIn(now)) {
    const known = worst.find((each) => each.criterion === criterion)?.tenants;
    // Where nobody in particular was named, anybody was meant.
    if (known?.length === 0) continue;
    const added = tenants.filter((tenant) => !known?.includes(tenant));
    const each = criterion === 'cross-tenant-leak' && status !== 'rejected';
    const enough = each || known === undefined ? 1 : known.length;
    if (added.length >= enough) return `more tenants are affected: ${added.join(', ')}`;
  }
  return undefined;
}

function doubled({ worst }: Before, now: Decision): string | undefined {
  for (const verdict of breachesOf(now)) {
    const { criterion, value, unit } = verdict;
    const before = worst.find((each) => each.criterion === criterion)?.value ?? 0;
    if (before > 0 && value >= muchMoreThan(before, verdict)) {
      return value >= 2 * before
        ? `${criterion} has doubled, from ${before} to ${value} ${unit}`
        : `${criterion} has risen, from ${before} to ${value} ${unit}`;
    }
  }
  return undefined;
}

/** Trouble that goes on grows longer all the time: only a long one has become another matter. */
const longWait = 30 * 60_000;

/** Of what still worked half must fail too: a share above a half cannot double. Nor does it creep to the whole in many small steps. */
const leastRise = 0.1;

function muchMoreThan(before: number, { unit }: Verdict): number {
  if (unit === 'ms') return Math.max(2 * before, longWait);
  if (unit !== 'share') return 2 * before;
  return Math.min(2 * before, before + Math.max((1 - before) / 2, leastRise));
}
