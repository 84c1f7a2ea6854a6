import type { Samples } from './samples.ts';

/** Somebody set the wall clock by `by` ms; `before` is what it said just then. */
export interface ClockStep {
  readonly before: number;
  readonly by: number;
}

/** Nothing is over that begins later than this after now: it carries the time of another clock. */
export const clockSlack = 30_000;
const mostSteps = 20;

/**
 * Durations are those of a clock that nobody can set: when the wall clock is set, everything remembered moves along, so
 * that an outage keeps its length.
 */
export function moved(samples: Samples, step: ClockStep): Samples {
  const { by } = step;
  const later = <T extends { readonly at: number }>(looks: readonly T[]): T[] =>
    looks.map((look) => ({ ...look, at: look.at + by }));
  const slots = Math.round(by / samples.limits.slotMs) * samples.limits.slotMs;
  const laterSlots = <T extends { readonly at: number }>(all: readonly T[]): T[] =>
    all.map((slot) => ({ ...slot, at: slot.at + slots }));
  return {
    ...samples,
    health: later(samples.health),
    control: later(samples.control),
    isolation: new Map([...samples.isolation].map(([question, looks]) => [question, later(looks)])),
    mongo: later(samples.mongo),
    tenants: later(samples.tenants),
    journeys: later(samples.journeys),
    prometheus: later(samples.prometheus),
    requestsLook: samples.requestsLook && { ...samples.requestsLook, at: samples.requestsLook.at + by },
    requests: laterSlots(samples.requests),
    synthetic: laterSlots(samples.synthetic),
    served: samples.served.map(({ from, to }) => ({ from: from + by, to: to + by })),
    blind: new Map([...samples.blind].map(([probe, each]) => [probe, { ...each, since: each.since + by }])),
    steps: [...samples.steps, step].slice(-mostSteps),
  };
}

/**
 * A moment that was written down earlier, in the time of the present clock. One that now seems to lie ahead was written
 * before the clock was set back: nobody can tell how far, so it counts as the moment of that step.
 */
export function presentOf(moment: number, steps: readonly ClockStep[], now: number): number {
  const present = steps.reduce((known, { before, by }) => (known <= before ? known + Math.max(by, 0) : known), moment);
  if (present <= now + clockSlack) return present;
  const back = steps.findLast(({ by }) => by < 0);
  return back ? Math.min(now, back.before + back.by) : 0;
}

/** The order in which looks came counts, not their times: one that was under way when the clock was set fits in. */
export function inOrder<T extends { readonly at: number }>(
  newest: T | undefined,
  added: readonly T[],
  now: number,
): T[] {
  let last = newest?.at ?? Number.NEGATIVE_INFINITY;
  return added.map((look) => {
    last = Math.min(Math.max(last, look.at), now);
    return look.at === last ? look : { ...look, at: last };
  });
}
