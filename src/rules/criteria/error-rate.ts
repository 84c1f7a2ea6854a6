import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { formatRatio } from '../../core/ratio.ts';
import { ratio } from '../../core/scalars.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Tier } from '../../model/tier.ts';
import type { Pooled } from '../samples/shares.ts';
import { countedSlot, everyTenant } from '../sources/counted-slot.ts';
import { affectedTenants, inWords, loneTenant, type TenantRules } from '../sources/lone-tenant.ts';
import { measuredByPrometheus } from '../sources/prometheus.ts';
import { type Measure, measured, type Source, slotsOf } from '../sources/requests.ts';
import { criterion, type JudgeInput } from './criterion.ts';
import { besideSevere, findingOf, requestsVerdict, type Stand } from './requests-verdict.ts';
import { howLongOf, isRecovering, isSeenWell, isSilent, shownWindow, troubleUntil } from './share-stand.ts';

const settings = (above: string, clear: string) =>
  z.strictObject({
    above: ratio.prefault(above).describe('It fires where a larger share of requests fails.'),
    clear: ratio.prefault(clear).describe('It is resolved where a smaller share fails. Less than `above`.'),
  });

type Thresholds = Pick<Measure, 'above' | 'clear'>;

const errorRate = <const N extends string>(name: N, tier: Tier, about: string, defaults: readonly [string, string]) =>
  criterion({
    name,
    tier,
    measure: 'error-rate',
    settings: settings(...defaults),
    about,
    mends: 'code',
    judge(input, rules) {
      const prometheus = measuredByPrometheus(input.samples, {
        measure: 'error-rate',
        above: rules.above,
        rule: howLongOf(input.requests),
        from: input.from,
        now: input.now,
      });
      const scope: Scope = { thresholds: rules, without: exemptTenant(input) };
      const found = requestsVerdict(standOf('real', input, scope), standOf('own', input, scope), prometheus, input);
      return findingOf(besideSevere('error-rate-severe', found, input));
    },
  });

export const errorRateSevere = errorRate(
  'error-rate-severe',
  'severe',
  'Severe: too many requests are answered with 500 or above, or not at all (runbook: more than 10 % of them).',
  ['10%', '8%'],
);
export const errorRateModerate = errorRate(
  'error-rate-moderate',
  'moderate',
  'Moderate: fewer requests fail, but still too many (runbook: 5 to 10 % of them). `above` is less than in `error-rate-severe`.',
  ['5%', '4%'],
);

interface Scope {
  readonly thresholds: Thresholds;
  /** A tenant whose requests are left out. */
  readonly without: string | undefined;
}

/** One tenant whose trouble is severe and no reason for a rollback: what is moderate is judged without it. */
const exemptTenant = ({ judged }: JudgeInput): string | undefined =>
  judged.find(({ criterion: name, verdict }) => name === 'error-rate-severe' && verdict === 'exempt')?.tenants[0];

function leaveOut(slot: RequestSlot, without: string | undefined): RequestSlot {
  const left = without === undefined ? undefined : slot.tenants.find(({ tenant }) => tenant === without);
  if (!left) return slot;
  const tenants = slot.tenants.filter((each) => each !== left);
  return { ...slot, requests: slot.requests - left.requests, errors: slot.errors - left.errors, tenants };
}

function standOf(source: Source, input: JudgeInput, { thresholds, without }: Scope): Stand {
  const { samples, requests, tenants: known } = input;
  const of: Measure['of'] = (slot) => {
    const { requests: all, errors } = leaveOut(slot, without);
    return { all, bad: errors, badToClear: errors };
  };
  const { series, to } = measured(source, samples, requests, { ...thresholds, of }, input);
  const state = series.stateAt(to);
  const fired = state.state === 'firing' ? state : undefined;
  const window = shownWindow(series, state, requests, to);
  const until = fired ? troubleUntil(series, fired, to) : to;
  const overs = fired ? [window.over, ...series.allFiringAt(until).map(({ over }) => over)] : [];
  const slots = [...new Set(overs)].map((over) => {
    const since = Math.max(input.from, until - over);
    return leaveOut(countedSlot(slotsOf(source, samples), everyTenant, since, until), without);
  });
  const rules: TenantRules = { known, ...thresholds };
  // One tenant's trouble in one window hides no other window's.
  const lones = slots.map((each) => loneTenant(each, rules));
  const [slot] = slots;
  const lone = lones.every((each) => each !== undefined) ? lones[0] : undefined;
  return {
    source,
    since: fired?.since,
    recovering: fired !== undefined && isRecovering(series, fired, requests, to, thresholds.clear),
    silent: isSilent(series, requests, to, source),
    seenWell: isSeenWell(series, input, to),
    rising: window.bad > thresholds.above * window.all && window.bad > 1,
    value: shareOf(window),
    threshold: thresholds.above,
    unit: 'share',
    samples: window.all,
    windowMs: window.over,
    said: describe(source, window, thresholds.above),
    tenants: lone ? [lone.tenant] : slot ? affectedTenants(slot, rules) : [],
    exempt: lone && { because: lone.because, said: inWords(lone) },
  };
}

const shareOf = ({ all, bad }: Pooled): number => (all === 0 ? 0 : bad / all);

const requestsOf = { real: 'requests', own: "of rollbackd's own requests" } as const;

function describe(source: Source, window: Pooled, above: number): string {
  const { all, bad, over } = window;
  const rate = `${formatRatio(shareOf(window))}, threshold ${formatRatio(above)}`;
  return `${bad} of ${all} ${requestsOf[source]} failed in ${formatDuration(over)} (${rate})`;
}
