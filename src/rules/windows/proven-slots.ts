import type { RequestSlot } from '../../model/request-slot.ts';
import type { RulesConfig } from '../schema.ts';
import { neighbourhood } from './limits.ts';
import type { Windows } from './windows.ts';

/** What one slot of time proves about requests; without `counts` it proves nothing. */
export interface ProvenSlot {
  readonly at: number;
  readonly counts: RequestSlot | undefined;
  readonly source: 'real' | 'synthetic';
}

type Rules = RulesConfig['requests'];

/**
 * Every slot that is over, from the first that was looked at on: real requests where there are enough of them, else
 * rollbackd's own. Slots that begin before `from` are left out: the application was another one, or in our own hands.
 */
export function provenSlots(windows: Windows, rules: Rules, now: number, from = 0): ProvenSlot[] {
  const { requests, synthetic, limits } = windows;
  const first = Math.min(requests[0]?.at ?? Number.POSITIVE_INFINITY, synthetic[0]?.at ?? Number.POSITIVE_INFINITY);
  const settled = now - neighbourhood(Math.max(limits.requestsEvery, limits.syntheticEvery)) - rules.slot;
  const real = new Map(requests.map((slot) => [slot.at, slot]));
  const own = new Map(synthetic.map((slot) => [slot.at, slot]));
  const slots: ProvenSlot[] = [];
  const begin = Math.max(first, Math.ceil(from / rules.slot) * rules.slot);
  for (let at = begin; at <= settled; at += rules.slot) slots.push(proven(at, real.get(at), own.get(at), rules));
  return slots;
}

function proven(at: number, real: RequestSlot | undefined, own: RequestSlot | undefined, rules: Rules): ProvenSlot {
  if (real && real.requests >= rules.samples) return { at, counts: real, source: 'real' };
  const counts = own && own.requests >= rules.syntheticSamples ? own : undefined;
  return { at, counts, source: 'synthetic' };
}
