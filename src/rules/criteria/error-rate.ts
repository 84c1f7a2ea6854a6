import { formatRatio } from '../../core/ratio.ts';
import { type RequestSlot, theRest } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { provenSlots, recentOf } from '../windows/proven-slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { reasonForSilence } from './requests-doubt.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';

/** Share of requests that were answered with an error, or not at all. Looks before `from` do not count. */
export function judgeErrorRate(name: Name, windows: Windows, rules: RulesConfig, now: number, from = 0): Verdict {
  const { above, clear } = rules[name];
  const { slots, slot } = rules.requests;
  const streak = streakOf(rates(windows, rules, now, from), { above, clear, slots });
  const recent = recentOf(provenSlots(windows, rules.requests, now, from), slots);
  const silence = reasonForSilence(windows, rules.requests, streak.last, now);
  return {
    criterion: name,
    tier: name === 'error-rate-severe' ? 'severe' : 'moderate',
    value: recent ? rateOf(recent.counts) : 0,
    threshold: above,
    unit: 'share',
    samples: recent?.counts.requests ?? 0,
    windowMs: slots * slot,
    ...(streak.since !== undefined && { since: streak.since }),
    ...(silence || !recent
      ? { verdict: 'inconclusive', reason: silence ?? 'nothing measured yet', tenants: [] }
      : finding(streak, { ...recent, above, clear, slots })),
  };
}

function* rates(windows: Windows, rules: RulesConfig, now: number, from: number) {
  for (const { at, counts } of provenSlots(windows, rules.requests, now, from)) {
    yield { at, value: counts && rateOf(counts) };
  }
}

const rateOf = ({ errors, requests }: RequestSlot): number => errors / requests;

interface Situation {
  /** The newest slots, as one. */
  readonly counts: RequestSlot;
  readonly source: 'real' | 'synthetic';
  readonly above: number;
  readonly clear: number;
  readonly slots: number;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'tenants' | 'exemptBecause'>;

function finding({ state, above: row, since = 0 }: Streak, situation: Situation): Finding {
  const { counts, clear, slots } = situation;
  const said = describe(situation);
  if (state === 'clear' && row === 0) return { verdict: 'clear', reason: said, tenants: [] };
  const long = `${said} since ${formatInstant(since)}`;
  if (state === 'clear')
    return { verdict: 'pending', reason: `${long}; ${row} of ${slots} slots in a row`, tenants: [] };
  const alone = onlyTenant(counts, clear);
  if (alone === undefined) return { verdict: 'breach', reason: long, tenants: tenantsWithErrors(counts) };
  const reason = `${long}; only ${alone} is affected: one tenant is no reason for a rollback`;
  return { verdict: 'exempt', exemptBecause: 'one-tenant', reason, tenants: [alone] };
}

function describe({ counts, source, above }: Situation): string {
  const { errors, requests } = counts;
  const whose = source === 'synthetic' ? "of rollbackd's own requests" : 'requests';
  return `${errors} of ${requests} ${whose} failed (${formatRatio(rateOf(counts))}, threshold ${formatRatio(above)})`;
}

const tenantsWithErrors = ({ tenants }: RequestSlot): string[] =>
  tenants.flatMap(({ tenant, errors }) => (errors > 0 && tenant !== theRest ? [tenant] : [])).sort();

/** Where nearly all errors are one tenant's and everybody else is well: that tenant. Unknown tenants leave it open. */
function onlyTenant({ requests, errors, tenants }: RequestSlot, clear: number): string | undefined {
  const [worst] = [...tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.tenant === theRest || worst.errors < 0.9 * errors) return undefined;
  const others = requests - worst.requests;
  return others > 0 && (errors - worst.errors) / others <= clear ? worst.tenant : undefined;
}
