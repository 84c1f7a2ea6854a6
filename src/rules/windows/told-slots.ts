import type { RequestSlot } from '../../model/request-slot.ts';
import type { RulesConfig } from '../schema.ts';
import { neighbourhood, type WindowLimits } from './limits.ts';
import { indexFrom } from './sights.ts';
import type { Windows } from './windows.ts';

/**
 * Why rollbackd's own requests give no all-clear. `unread`: there is a log of real ones, and nobody has read it since;
 * `waiting`: real ones were many and are none at once, while connections to the application stay open.
 */
export type Doubt = 'unread' | 'waiting';

/** All that is told about the requests of one slot of time. */
export interface ToldSlot {
  readonly at: number;
  /** Real ones, however few; absent where there were none. */
  readonly real: RequestSlot | undefined;
  /** The real ones of this slot and of those shortly before it, until there are enough. */
  readonly lately: () => readonly RequestSlot[];
  /** rollbackd's own, where there are enough of them and the observer saw well. */
  readonly own: RequestSlot | undefined;
  readonly doubt: Doubt | undefined;
}

type Rules = RulesConfig['requests'];

/** How many slots may be taken together where each has too few real requests. */
const together = 10;

/** How long after its end a slot may still be added to: the log is read on only every so often. */
export const settling = ({ requestsEvery }: WindowLimits): number => neighbourhood(requestsEvery);

/**
 * Every slot that is over, the newest first, back to the first that is known. Slots that begin before `from` are left out:
 * the application was another one, or in our hands.
 */
export function* toldSlots(windows: Windows, rules: Rules, now: number, from = 0): Generator<ToldSlot> {
  const { requests, synthetic, limits } = windows;
  const { slot } = rules;
  const first = Math.min(requests[0]?.at ?? Number.POSITIVE_INFINITY, synthetic[0]?.at ?? Number.POSITIVE_INFINITY);
  const begin = Math.max(first, Math.ceil(from / slot) * slot);
  const settled = now - settling(limits) - slot;
  const readUntil = logReadUntil(windows);
  const waiting = waitingSince(windows, rules) ?? Number.POSITIVE_INFINITY;
  const realAt = descending(requests);
  const ownAt = descending(synthetic);
  for (let at = Math.floor(settled / slot) * slot; at >= begin; at -= slot) {
    const index = realAt(at);
    const real = requests[index];
    const own = synthetic[ownAt(at)];
    yield {
      at,
      real: real?.at === at && real.requests > 0 ? real : undefined,
      lately: () =>
        lately(requests, index, { first: Math.max(begin, at - (together - 1) * slot), samples: rules.samples }),
      own: own?.at === at ? ownProof(own, windows, rules) : undefined,
      doubt: at + slot > readUntil ? 'unread' : at >= waiting ? 'waiting' : undefined,
    };
  }
}

/** Until when the log of real requests has been read; endless where none is configured. */
export function logReadUntil({ requestsLook, blind }: Windows): number {
  const last = requestsLook.at(-1)?.at;
  return last ?? (blind.has('requests') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

/** Idle connections that are kept for reuse, and rollbackd's own, are few beside those of users who wait. */
const waitingShare = 0.1;

/** Since when there is nothing where there was much, while so many connections are open that it is no quiet. */
function waitingSince({ requests, requestsLook }: Windows, { samples, slot, slots }: Rules): number | undefined {
  const last = requests.findLast(({ requests: answered }) => answered > 0);
  if (!last) return undefined;
  const busy = requests.filter(({ at }) => at > last.at - slots * slot).map(({ requests: answered }) => answered);
  const busiest = Math.max(...busy);
  const open = requestsLook.at(-1)?.openUpstream ?? 0;
  return busiest >= samples && open >= waitingShare * busiest ? last.at + slot : undefined;
}

/** Finds the newest slot that is not after the given moment, for moments from the newest back. */
function descending(slots: readonly RequestSlot[]) {
  let index = slots.length - 1;
  return (at: number): number => {
    while ((slots[index]?.at ?? at) > at) index -= 1;
    return index;
  };
}

interface Reach {
  /** Slots that begin before it are too long ago. */
  readonly first: number;
  readonly samples: number;
}

function lately(slots: readonly RequestSlot[], index: number, { first, samples }: Reach): RequestSlot[] {
  const found: RequestSlot[] = [];
  let answered = 0;
  for (let each = index; answered < samples; each -= 1) {
    const slot = slots[each];
    if (!slot || slot.at < first) break;
    found.push(slot);
    answered += slot.requests;
  }
  return found;
}

/** Our own requests fail, too, where this machine's network does: they prove something only while the observer saw well. */
function ownProof(own: RequestSlot, { control, limits }: Windows, { slot, syntheticSamples }: Rules) {
  if (own.requests < syntheticSamples) return undefined;
  const range = neighbourhood(limits.controlEvery);
  const looks = control.slice(indexFrom(control, own.at - range), indexFrom(control, own.at + slot + range));
  return looks.length > 0 && looks.every(({ well }) => well) ? own : undefined;
}
