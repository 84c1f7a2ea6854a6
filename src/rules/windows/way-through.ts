import type { RulesConfig } from '../schema.ts';
import { worded } from './balancer.ts';
import { type Failing, failingOf, type Look } from './failing.ts';
import { neighbourhood } from './limits.ts';
import { eyesight } from './sights.ts';
import type { HealthLook, Windows } from './windows.ts';

/**
 * Trouble on the way to an application that is up on its own port: users do not get to it through the balancer. Whatever
 * comes back there instead of the usual answer is trouble, a page of the balancer's own too, but only where the same
 * question was answered before, and while no other request gets through: else it is merely this one that is not let through.
 */
export function wayThrough(
  windows: Windows,
  { after, clearAfter }: RulesConfig['unavailable'],
  now: number,
  from = 0,
): Failing | undefined {
  const { health, control, limits } = windows;
  const range = neighbourhood(limits.controlEvery);
  const isServed = servedSlots(windows);
  const looks = health.flatMap((look): Look[] => {
    const through = look.at < from ? undefined : throughOf(look);
    if (!through?.failing) return through ? [through] : [];
    return !isServed(look.at) && eyesight(look, control, range, now) === 'well' ? [through] : [];
  });
  return failingOf(looks, { near: neighbourhood(limits.healthEvery), after, clearAfter });
}

function throughOf({ at, values, balancer: standing }: HealthLook): Look | undefined {
  if (values?.application.outcome !== 'up') return undefined;
  const { balancer } = values;
  if (balancer.outcome === 'up') return { at, failing: false, said: '' };
  return standing.seenUp ? { at, failing: true, said: worded(balancer) } : undefined;
}

/** Whether, in the slot of that moment, requests got through and were answered well, real ones or rollbackd's own. */
function servedSlots({ requests, synthetic, limits }: Windows): (at: number) => boolean {
  const served = [...requests, ...synthetic].filter(({ requests: all, errors }) => all > errors).map(({ at }) => at);
  const slots = new Set(served);
  return (at) => slots.has(Math.floor(at / limits.slotMs) * limits.slotMs);
}
