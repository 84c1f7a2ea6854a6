import type { RequestSlot } from '../../model/request-slot.ts';
import type { RulesConfig } from '../schema.ts';
import { isFault, worded } from './balancer.ts';
import { type Failing, failingOf, type Look } from './failing.ts';
import { neighbourhood } from './limits.ts';
import { eyesight } from './sights.ts';
import type { HealthLook, Windows } from './windows.ts';

/**
 * Trouble on the way to an application that is up on its own port: users do not get to it through the balancer. Whatever
 * comes back there instead of the usual answer is trouble, a page of the balancer's own too, but only where the same
 * question was answered before, and while no other request gets through: else it is merely this one that is not let through.
 * Where the balancer answers by itself, that may be all that rollbackd's own requests get, too: real ones alone count then.
 */
export function wayThrough(
  windows: Windows,
  { after, clearAfter }: RulesConfig['unavailable'],
  now: number,
  from = 0,
): Failing | undefined {
  const { health, control, limits } = windows;
  const range = neighbourhood(limits.controlEvery);
  const isServed = { byReal: servedIn(windows.requests, windows), byOwn: servedIn(windows.synthetic, windows) };
  const looks = health.flatMap((look): Look[] => {
    const through = look.at < from ? undefined : throughOf(look);
    if (!through?.failing) return through ? [through] : [];
    if (isServed.byReal(look.at) || (through.isFault && isServed.byOwn(look.at))) return [];
    return eyesight(look, control, range, now) === 'well' ? [through] : [];
  });
  return failingOf(looks, { near: neighbourhood(limits.healthEvery), after, clearAfter });
}

interface Through extends Look {
  /** Nobody answered, or with a fault. */
  readonly isFault: boolean;
}

function throughOf({ at, values, balancer: standing }: HealthLook): Through | undefined {
  if (values?.application.outcome !== 'up') return undefined;
  const { balancer } = values;
  if (balancer.outcome === 'up') return { at, failing: false, said: '', isFault: false };
  return standing.seenUp ? { at, failing: true, said: worded(balancer), isFault: isFault(balancer) } : undefined;
}

/** Whether, in the slot of that moment, some of these requests were answered well. */
function servedIn(requests: readonly RequestSlot[], { limits }: Windows): (at: number) => boolean {
  const slots = new Set(requests.filter(({ requests: all, errors }) => all > errors).map(({ at }) => at));
  return (at) => slots.has(Math.floor(at / limits.slotMs) * limits.slotMs);
}
