import { formatRatio } from '../../core/ratio.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type Measure, measuredSlots, type Recent, realSince, recentOf } from '../windows/measured-slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { affectedTenants, type LoneTenant, loneTenant, type TenantRules } from './affected-tenants.ts';
import { notOver, reasonForSilence } from './requests-doubt.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';

/** Share of requests that were answered with an error, or not at all. Looks before `from` do not count. */
export function judgeErrorRate(
  name: Name,
  windows: Windows,
  rules: RulesConfig,
  now: number,
  { tenants, from = 0 }: { readonly tenants: ReadonlySet<string>; readonly from?: number },
): Verdict {
  const { above, clear } = rules[name];
  const { slots, slot, samples, syntheticSamples } = rules.requests;
  const measured = () => measuredSlots(windows, rules.requests, { of: shareOfErrors, above, clear }, now, from);
  const streak = streakOf(measured(), { above, clear, slots });
  const silence = reasonForSilence(windows, rules.requests, measured(), streak.last, now);
  const recent = silence === undefined ? recentOf(measured(), { ...rules.requests, above }, streak) : undefined;
  const enough = { real: samples, synthetic: syntheticSamples };
  return {
    criterion: name,
    tier: name === 'error-rate-severe' ? 'severe' : 'moderate',
    value: recent ? rateOf(recent.counts) : 0,
    threshold: above,
    unit: 'share',
    samples: recent?.counts.requests ?? 0,
    windowMs: slots * slot,
    ...(streak.since !== undefined && { since: streak.since }),
    ...(recent
      ? finding(streak, {
          ...recent,
          whole: realSince(measured(), streak.since),
          above,
          clear,
          slots,
          known: tenants,
          enough,
        })
      : { verdict: 'inconclusive', reason: silence ?? 'nothing measured yet', tenants: [] }),
  };
}

const shareOfErrors: Measure['of'] = ({ errors, requests }, _source, enough) =>
  requests === 0 ? undefined : errors / Math.max(requests, enough);

const rateOf = ({ errors, requests }: RequestSlot): number => errors / requests;

interface Situation extends Recent, TenantRules {
  readonly slots: number;
  /** Of the whole trouble. */
  readonly whole: RequestSlot | undefined;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'tenants' | 'exemptBecause' | 'told'>;

function finding({ state, above: row, since = 0 }: Streak, situation: Situation): Finding {
  const { counts, clear, slots } = situation;
  const said = describe(situation);
  if (state === 'clear' && row === 0) return { verdict: 'clear', reason: said, tenants: [] };
  const long = `${said} since ${formatInstant(since)}`;
  if (state !== 'breach' && row > 0)
    return { verdict: 'pending', reason: `${long}; ${row} of ${slots} slots in a row`, tenants: [] };
  if (state === 'unseen' || rateOf(counts) <= clear)
    return { verdict: 'pending', reason: `${said}; ${notOver(slots)}`, tenants: [] };
  const alone = loneTenant(situation, situation.whole, situation);
  if (!alone) return { verdict: 'breach', reason: long, tenants: affectedTenants(situation, situation) };
  const reason = `${long}; ${whyAlone(alone)}`;
  return { verdict: 'exempt', exemptBecause: alone.because, told: true, reason, tenants: [alone.tenant] };
}

const whyAlone = ({ tenant, because }: LoneTenant): string =>
  because === 'one-tenant'
    ? `only ${tenant} is affected: one tenant is no reason for a rollback`
    : `only ${tenant} is seen to be affected, and nobody else to be well: so few requests of one tenant prove nothing of the application`;

const requestsOf = { real: 'requests', synthetic: "of rollbackd's own requests" } as const;
const othersThan = { real: "rollbackd's own", synthetic: 'the few real ones' } as const;

/** Where real requests and rollbackd's own say different things, people are told both. */
function describe({ counts, source, beside, above }: Situation): string {
  const { errors, requests } = counts;
  const rate = `${formatRatio(rateOf(counts))}, threshold ${formatRatio(above)}`;
  const said = `${errors} of ${requests} ${requestsOf[source]} failed (${rate})`;
  if (!beside || isAbove(beside, above) === isAbove(counts, above)) return said;
  return `${said}, but ${beside.errors} of ${beside.requests} of ${othersThan[source]}`;
}

const isAbove = (counts: RequestSlot, above: number): boolean => rateOf(counts) > above;
