import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type LeakScope, type QuestionHistory, questionHistories } from '../windows/leaks.ts';
import { neighbourhood } from '../windows/limits.ts';
import type { Windows } from '../windows/windows.ts';

type Rules = RulesConfig['cross-tenant-leak'];

const everything: LeakScope = { leakedBefore: new Set(), from: 0 };

/** Critical, and self-proving: the application handed one tenant a document of another, and did so again when asked again. */
export function judgeLeak(windows: Windows, rules: Rules, now: number, scope = everything): Verdict {
  const histories = questionHistories(windows, rules, scope, now);
  const confirmed = histories.filter(({ state }) => state === 'confirmed');
  const suspected = histories.filter(({ state }) => state === 'suspected');
  const shown = confirmed.length > 0 ? confirmed : suspected;
  return {
    criterion: 'cross-tenant-leak',
    tier: 'critical',
    first: 'contain',
    value: documentsIn(shown),
    threshold: 1,
    unit: 'documents',
    samples: Math.max(0, ...shown.map(({ leaks }) => leaks)),
    windowMs: rules.window,
    ...sinceOf(shown),
    tenants: [...new Set(shown.flatMap(({ tenant, owners }) => [tenant, ...owners]))].filter((name) => name).sort(),
    ...finding({ histories, confirmed, suspected }, windows, rules, now),
  };
}

type Finding = Pick<Verdict, 'verdict' | 'reason'>;

interface Sorted {
  readonly histories: readonly QuestionHistory[];
  readonly confirmed: readonly QuestionHistory[];
  readonly suspected: readonly QuestionHistory[];
}

function finding({ histories, confirmed, suspected }: Sorted, windows: Windows, rules: Rules, now: number): Finding {
  if (confirmed.length > 0) return { verdict: 'breach', reason: leakReason(confirmed) };
  if (suspected.length > 0) {
    const reason = `${leakReason(suspected)}; ${rules.samples} looks in a row confirm it`;
    return { verdict: 'pending', reason };
  }
  const doubt = reasonForDoubt(histories, windows, now);
  if (doubt) return { verdict: 'inconclusive', reason: doubt };
  return {
    verdict: 'clear',
    reason: `${histories.length} questions on trusted routes showed no document of another tenant`,
  };
}

/** Nothing leaked is a pass only where something was looked at, lately, and no earlier leak is left unanswered. */
function reasonForDoubt(histories: readonly QuestionHistory[], windows: Windows, now: number): string | undefined {
  const last = Math.max(...histories.map(({ lastLook }) => lastLook));
  if (histories.length === 0) return 'no trusted route has answered with documents whose owner is known';
  const stale = histories.find(({ state }) => state === 'stale');
  if (stale) return `${question(stale)} leaked when it was last seen, ${formatDuration(now - stale.lastLook)} ago`;
  if (now - last <= neighbourhood(windows.limits.isolationEvery)) return undefined;
  return `no trusted route has answered for ${formatDuration(now - last)}`;
}

function leakReason(leaking: readonly QuestionHistory[]): string {
  const [worst, ...others] = [...leaking].sort((a, b) => b.documents - a.documents);
  if (!worst) return '';
  const rest = others.length === 0 ? '' : `; ${others.length} more questions leak`;
  return `${question(worst)} answered with ${worst.documents} ${worst.documents === 1 ? 'document' : 'documents'} of ${ownersOf(worst)} (such as ${worst.example}) in ${worst.leaks} of ${worst.looks} looks since ${formatInstant(worst.since ?? worst.lastLook)}${rest}`;
}

const question = ({ tenant, route, ask }: QuestionHistory): string =>
  `${route} asked ${ask === 'no-tenant' ? 'without a tenant' : `as ${tenant}`} (${ask})`;

const ownersOf = ({ owners }: QuestionHistory): string =>
  owners.length > 3 ? `${owners.slice(0, 3).join(', ')} and ${owners.length - 3} more` : owners.join(', ');

/** The same route asked in several ways shows the same documents: the worst answer per tenant and route counts. */
function documentsIn(leaking: readonly QuestionHistory[]): number {
  const byRoute = Map.groupBy(leaking, ({ tenant, route }) => JSON.stringify([tenant, route]));
  return [...byRoute.values()].reduce((sum, group) => sum + Math.max(...group.map(({ documents }) => documents)), 0);
}

function sinceOf(leaking: readonly QuestionHistory[]): { since?: number } {
  const times = leaking.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return times.length > 0 ? { since: Math.min(...times) } : {};
}
