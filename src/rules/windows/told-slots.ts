import type { RequestSlot } from '../../model/request-slot.ts';
import type { RulesConfig } from '../schema.ts';
import { neighbourhood, type WindowLimits } from './limits.ts';
import { indexFrom } from './sights.ts';
import { together } from './slots.ts';
import type { Windows } from './windows.ts';

/** What one slot of time proves about requests; without `counts` it proves nothing. */
export interface ProvenSlot {
  readonly at: number;
  readonly counts: RequestSlot | undefined;
  readonly source: 'real' | 'synthetic';
}

type Rules = RulesConfig['requests'];

/** How long after its end a slot may still be added to: the log is read on only every so often. */
export const settling = ({ requestsEvery }: WindowLimits): number => neighbourhood(requestsEvery);

/**
 * Every slot that is over, the newest first, back to the first that is known: real requests where there are enough of
 * them, else rollbackd's own. Slots that begin before `from` are left out: the application was another one, or in our hands.
 */
export function* provenSlots(windows: Windows, rules: Rules, now: number, from = 0): Generator<ProvenSlot> {
  const { requests, synthetic, limits } = windows;
  const { slot } = rules;
  const first = Math.min(requests[0]?.at ?? Number.POSITIVE_INFINITY, synthetic[0]?.at ?? Number.POSITIVE_INFINITY);
  const begin = Math.max(first, Math.ceil(from / slot) * slot);
  const settled = now - settling(limits) - slot;
  const realAt = descending(requests);
  const ownAt = descending(synthetic);
  for (let at = Math.floor(settled / slot) * slot; at >= begin; at -= slot) {
    const counts = realAt(at);
    if (counts && counts.requests >= rules.samples) yield { at, counts, source: 'real' };
    else yield { at, counts: ownProof(ownAt(at), windows, rules), source: 'synthetic' };
  }
}

/** Looks slots up that are asked for from the newest back. */
function descending(slots: readonly RequestSlot[]) {
  let index = slots.length - 1;
  return (at: number): RequestSlot | undefined => {
    while ((slots[index]?.at ?? at) > at) index -= 1;
    const found = slots[index];
    return found?.at === at ? found : undefined;
  };
}

/** Our own requests fail, too, where this machine's network does: they prove something only while the observer saw well. */
function ownProof(own: RequestSlot | undefined, { control, limits }: Windows, { slot, syntheticSamples }: Rules) {
  if (!own || own.requests < syntheticSamples) return undefined;
  const range = neighbourhood(limits.controlEvery);
  const looks = control.slice(indexFrom(control, own.at - range), indexFrom(control, own.at + slot + range));
  return looks.length > 0 && looks.every(({ well }) => well) ? own : undefined;
}

/** The newest slots that prove something, as many as make a breach, as one. */
export function recentOf(newestFirst: Iterable<ProvenSlot>, slots: number) {
  let sum: RequestSlot | undefined;
  let source: ProvenSlot['source'] = 'synthetic';
  let left = slots;
  for (const { counts, source: from } of newestFirst) {
    if (!counts) continue;
    if (sum === undefined || from === 'real') source = from;
    sum = sum === undefined ? counts : together(sum, counts);
    left -= 1;
    if (left === 0) break;
  }
  return sum && { counts: sum, source };
}
