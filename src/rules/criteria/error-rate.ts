import { formatRatio } from '../../core/ratio.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type ProvenSlot, provenSlots } from '../windows/proven-slots.ts';
import { together } from '../windows/slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { reasonForSilence } from './requests-doubt.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';

/** Share of requests that were answered with an error, or not at all. Looks before `from` do not count. */
export function judgeErrorRate(name: Name, windows: Windows, rules: RulesConfig, now: number, from = 0): Verdict {
  const { above, clear } = rules[name];
  const { slots, slot } = rules.requests;
  const proven = provenSlots(windows, rules.requests, now, from);
  const measures = proven.map(({ at, counts }) => ({ at, value: counts && counts.errors / counts.requests }));
  const streak = streakOf(measures, { above, clear, slots });
  const recent = recentOf(proven, slots);
  const rate = recent ? recent.errors / recent.requests : 0;
  return {
    criterion: name,
    tier: name === 'error-rate-severe' ? 'severe' : 'moderate',
    value: rate,
    threshold: above,
    unit: 'share',
    samples: recent?.requests ?? 0,
    windowMs: slots * slot,
    ...(streak.since !== undefined && { since: streak.since }),
    ...finding(streak, { windows, rules, now, recent, above, clear, source: sourceOf(proven) }),
  };
}

interface Situation {
  readonly windows: Windows;
  readonly rules: RulesConfig;
  readonly now: number;
  readonly recent: RequestSlot | undefined;
  readonly above: number;
  readonly clear: number;
  readonly source: string;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'tenants' | 'exemptBecause'>;

function finding(streak: Streak, situation: Situation): Finding {
  const { windows, rules, now, recent, above, source } = situation;
  const silence = reasonForSilence(windows, rules.requests, streak.last, now);
  if (silence || !recent) return { verdict: 'inconclusive', reason: silence ?? 'nothing measured yet', tenants: [] };
  const { errors, requests } = recent;
  const said = `${errors} of ${requests} ${source} failed (${formatRatio(errors / requests)}, threshold ${formatRatio(above)})`;
  if (streak.state === 'clear' && streak.above === 0) return { verdict: 'clear', reason: said, tenants: [] };
  const since = `${said} since ${formatInstant(streak.since ?? now)}`;
  if (streak.state === 'clear') {
    const row = `${streak.above} of ${rules.requests.slots} slots in a row`;
    return { verdict: 'pending', reason: `${since}; ${row}`, tenants: [] };
  }
  const alone = onlyTenant(recent, situation.clear);
  if (alone === undefined) return { verdict: 'breach', reason: since, tenants: tenantsWithErrors(recent) };
  const reason = `${since}; only ${alone} is affected: one tenant is no reason for a rollback`;
  return { verdict: 'exempt', exemptBecause: 'one-tenant', reason, tenants: [alone] };
}

const sourceOf = (proven: readonly ProvenSlot[]): string =>
  proven.findLast(({ counts }) => counts)?.source === 'synthetic' ? "of rollbackd's own requests" : 'requests';

/** The newest slots that prove something, as many as make a breach, as one. */
export function recentOf(proven: readonly ProvenSlot[], slots: number): RequestSlot | undefined {
  const counted = proven.flatMap(({ counts }) => (counts ? [counts] : [])).slice(-slots);
  return counted.length === 0 ? undefined : counted.reduce(together);
}

const tenantsWithErrors = ({ tenants }: RequestSlot): string[] =>
  tenants.flatMap(({ tenant, errors }) => (errors > 0 ? [tenant] : [])).sort();

/** Where nearly all errors are one tenant's and everybody else is well: that tenant. Unknown tenants leave it open. */
function onlyTenant({ requests, errors, tenants }: RequestSlot, clear: number): string | undefined {
  const [worst] = [...tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.errors < 0.9 * errors) return undefined;
  const others = requests - worst.requests;
  return others > 0 && (errors - worst.errors) / others <= clear ? worst.tenant : undefined;
}
