import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { duration } from '../../core/scalars.ts';
import { formatInstant } from '../instant.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';
import { type QuestionHistory, questionHistories } from '../sources/leaks.ts';
import { criterion, type Said } from './criterion.ts';

const settings = z.strictObject({
  samples: z
    .int()
    .min(2)
    .default(2)
    .describe('So many answers that hold a document of another tenant are a breach, whichever questions they answer.'),
  window: duration.prefault('1h').describe('How long such an answer counts.'),
  clearOdds: z
    .number()
    .min(2)
    .default(20)
    .describe(
      'It is resolved by so many clean answers to the same question that chance alone would show them less than once in this many times if it leaked as often as before.',
    ),
});
type Settings = z.infer<typeof settings>;

/** Self-proving: the application handed one tenant a document of another, and did so again when it was asked again. */
export const crossTenantLeak = criterion({
  name: 'cross-tenant-leak',
  tier: 'critical',
  first: 'contain',
  settings,
  about: 'Critical: a trusted route hands a tenant documents that belong to others.',
  mends: 'isolation',
  judge({ samples, leakedBefore, from, now }, rules) {
    const histories = questionHistories(samples, rules, { leakedBefore, from }, now);
    const [cached, direct] = split(histories, ({ via }) => via === 'balancer');
    const leaking = direct.filter(({ state }) => state === 'leaking');
    const behind = cached.filter(({ state }) => state === 'leaking');
    const shown = leaking.length > 0 ? leaking : behind;
    // Where the application itself leaks, what leaks through the balancer is no cache's alone.
    const counted = leaking.length > 0 ? histories : behind.length > 0 ? cached : direct;
    const proofs = counted.reduce((sum, each) => sum + each.proofs, 0);
    return {
      value: documentsIn(shown),
      threshold: 1,
      unit: 'documents',
      samples: proofs,
      windowMs: rules.window,
      ...sinceOf(shown),
      tenants: [...new Set(shown.flatMap(({ tenant, owners }) => [tenant, ...owners]))].filter((name) => name).sort(),
      ...findingOf({ direct, leaking, behind, proofs }, samples, rules, now),
    };
  },
});

interface Seen {
  readonly direct: readonly QuestionHistory[];
  readonly leaking: readonly QuestionHistory[];
  /** Through the balancer alone. */
  readonly behind: readonly QuestionHistory[];
  readonly proofs: number;
}

function findingOf({ direct, leaking, behind, proofs }: Seen, samples: Samples, rules: Settings, now: number): Said {
  if (leaking.length > 0) {
    const reason = inWords(leaking);
    if (proofs >= rules.samples) return { verdict: 'breach', reason };
    const more = `${proofs} of ${rules.samples} proofs within ${formatDuration(rules.window)}`;
    return { verdict: 'pending', told: true, reason: `${reason}; ${more}: the next one is a breach` };
  }
  if (behind.length > 0) {
    const reason = `${inWords(behind)}, through the balancer alone: purge its cache, and key it by tenant`;
    return { verdict: 'exempt', exemptBecause: 'cache', told: true, reason };
  }
  const doubt = reasonForDoubt(direct, samples, now);
  if (doubt) return { verdict: 'inconclusive', reason: doubt };
  return {
    verdict: 'clear',
    reason: `${direct.length} questions on trusted routes showed no document of another tenant`,
  };
}

/** Nothing leaked is a pass only where something was looked at, lately, and no earlier leak is left unanswered. */
function reasonForDoubt(histories: readonly QuestionHistory[], samples: Samples, now: number): string | undefined {
  const last = Math.max(...histories.map(({ lastLook }) => lastLook));
  if (histories.length === 0) return 'no trusted route has answered with documents whose owner is known';
  const stale = histories.find(({ state }) => state === 'stale');
  if (stale) return `${question(stale)} leaked when it was last seen, ${formatDuration(now - stale.lastLook)} ago`;
  if (now - last <= neighbourhood(samples.limits.isolationEvery)) return undefined;
  return `no trusted route has answered for ${formatDuration(now - last)}`;
}

function inWords(leaking: readonly QuestionHistory[]): string {
  const [worst, ...others] = [...leaking].sort((a, b) => b.documents - a.documents);
  if (!worst) return '';
  const rest = others.length === 0 ? '' : `; ${others.length} more questions leak`;
  const documents = `${worst.documents} ${worst.documents === 1 ? 'document' : 'documents'}`;
  const since = formatInstant(worst.since ?? worst.lastLook);
  return `${question(worst)} answered with ${documents} of ${ownersOf(worst)} (such as ${worst.example}) in ${worst.leaks} of ${worst.looks} looks since ${since}${rest}`;
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
  const times = leaking.flatMap(({ since }) => since ?? []);
  return times.length > 0 ? { since: Math.min(...times) } : {};
}

const split = <T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];
