import type { RequestSlot } from '../../model/request-slot.ts';
import { between } from '../samples/eyesight.ts';
import type { Span } from '../samples/lasting.ts';
import type { IsolationLook, Samples } from '../samples/samples.ts';

/** From one answer with documents of known owner to another, with no round of questions between them that found none. */
export interface ServedStretch {
  readonly from: number;
  readonly to: number;
}

/** Nearer than two rounds of questions: none of them went without an answer in between. */
const reach = (isolationEvery: number): number => Math.max(2 * isolationEvery - 1, 2_000);

/** What trusted routes handed out while nobody else could: the application serves, whatever its health says. */
export function servedAfter(
  known: readonly ServedStretch[],
  added: readonly IsolationLook[],
  isolationEvery: number,
): readonly ServedStretch[] {
  const answers = added
    .filter(({ trusted, ask, checked, via }) => trusted && ask === 'own-list' && checked > 0 && via === undefined)
    .map(({ at, tookMs }) => at + tookMs);
  const stretches = [...known];
  for (const at of answers) {
    const last = stretches.at(-1);
    if (last && at - last.to <= reach(isolationEvery))
      stretches[stretches.length - 1] = { ...last, to: Math.max(at, last.to) };
    else stretches.push({ from: at, to: at });
  }
  return stretches;
}

/**
 * Whether users were served at that time, in words; undefined where they were not, or where nobody can tell. Real requests
 * decide where there were some: more than the share `least` of them answered well. Else an answer to a request of
 * rollbackd's own through the balancer, or documents handed out by a trusted route, say so.
 */
export function servedDuring(samples: Samples, from: number, to: number, least: number): string | undefined {
  const real = countedIn(samples.requests, samples.limits.slotMs, from, to);
  if (real.requests > 0) return wellServed(real, least);
  const own = countedIn(samples.synthetic, samples.limits.slotMs, from, to);
  if (own.requests > own.errors) return 'users are served: a request of rollbackd through the balancer went well';
  const documents = samples.served.some((stretch) => stretch.from <= to && stretch.to >= from);
  return documents ? 'users are served: trusted routes hand out documents' : undefined;
}

/**
 * Whether users were served while looks failed, in words: looks are moments, and on a quiet site no request falls into
 * them. Real requests of all that time decide where there were some, else journeys.
 */
export function servedWhile(samples: Samples, spans: readonly Span[], least: number): string | undefined {
  const { slotMs } = samples.limits;
  // Only slots that begin in it: what went well just before it failed says nothing.
  const counted = spans.map(({ from, to }) => countedIn(samples.requests, slotMs, from + slotMs - 1, to));
  const real = { requests: sumOf(counted, 'requests'), errors: sumOf(counted, 'errors') };
  if (real.requests > 0) return wellServed(real, least);
  const isWithin = (at: number) => spans.some(({ from, to }) => at >= from && at <= to);
  const passed = samples.journeys.findLast(({ at, outcome }) => outcome === 'passed' && isWithin(at));
  return passed && `users are served: the journey ${passed.journey} passed for ${passed.tenant}`;
}

const sumOf = (counted: readonly Counts[], what: keyof Counts): number =>
  counted.reduce((sum, each) => sum + each[what], 0);

/** By real requests alone. */
export const realServed = (samples: Samples, from: number, to: number, least: number): string | undefined =>
  wellServed(countedIn(samples.requests, samples.limits.slotMs, from, to), least);

function wellServed({ requests, errors }: Counts, least: number): string | undefined {
  const good = requests - errors;
  return good > least * requests ? `users are served: ${good} of ${requests} requests went well` : undefined;
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

/** In all slots that overlap that time. */
function countedIn(slots: readonly RequestSlot[], slotMs: number, from: number, to: number): Counts {
  const counted = between(slots, from - slotMs + 1, to + 1);
  return { requests: sumOf(counted, 'requests'), errors: sumOf(counted, 'errors') };
}
