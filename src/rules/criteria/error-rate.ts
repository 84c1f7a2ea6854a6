import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { formatRatio } from '../../core/ratio.ts';
import { ratio } from '../../core/scalars.ts';
import type { Tier } from '../../model/tier.ts';
import type { Pooled } from '../samples/shares.ts';
import { affectedTenants, inWords, loneTenant, type TenantRules } from '../sources/lone-tenant.ts';
import { measuredByPrometheus } from '../sources/prometheus.ts';
import { type Measure, measured, pooledSlot, type Source } from '../sources/requests.ts';
import { criterion, type JudgeInput } from './criterion.ts';
import { findingOf, isOfHigherTier, requestsVerdict, type Stand } from './requests-verdict.ts';
import { howLongOf, isRecovering, isSeenWell, isSilent, shownWindow } from './share-stand.ts';

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
      });
      const found = requestsVerdict(standOf('real', input, rules), standOf('own', input, rules), prometheus, input);
      return findingOf(isOfHigherTier('error-rate-severe', input) ? { by: found.by, ...deferred } : found);
    },
  });

const deferred = { verdict: 'pending', reason: 'more fail than is moderate: see error-rate-severe' } as const;

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

function standOf(source: Source, input: JudgeInput, thresholds: Thresholds): Stand {
  const { samples, requests, tenants: known } = input;
  const of: Measure['of'] = ({ requests: all, errors }) => ({ all, bad: errors, badToClear: errors });
  const { series, to } = measured(source, samples, requests, { ...thresholds, of }, input);
  const state = series.stateAt(to);
  const window = shownWindow(series, state, requests, to);
  const overs = state.state === 'firing' ? [window.over, ...series.allFiringAt(to).map(({ over }) => over)] : [];
  const slots = [...new Set(overs)].flatMap((over) => pooledSlot(source, samples, to - over, to) ?? []);
  const rules: TenantRules = { known, ...thresholds };
  // One tenant's trouble in one window hides no other window's.
  const lones = slots.map((each) => loneTenant(each, rules));
  const [slot] = slots;
  const lone = lones.every((each) => each !== undefined) ? lones[0] : undefined;
  return {
    source,
    state: state.state,
    since: state.state === 'firing' ? state.since : undefined,
    recovering: isRecovering(series, state, requests, to, thresholds.clear),
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
