import type { RequestSlot } from '../../model/request-slot.ts';
import { between, eyesight } from '../samples/eyesight.ts';
import { type HowLong, type Lasting, lasting, type Sighting } from '../samples/lasting.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { HealthLook, Samples } from '../samples/samples.ts';
import { isFault, worded } from './balancer.ts';

/**
 * Trouble on the way to an application that is up on its own port: users do not get to it through the balancer. Whatever
 * comes back there instead of the usual answer is trouble, a page of the balancer's own too, but only where the same
 * question was answered before, and while no other request gets through: else it is merely this one that is not let through.
 * Where the balancer answers by itself, that may be all that rollbackd's own requests get, too: real ones alone count then.
 */
export function wayThrough(samples: Samples, rules: HowLong, now: number, from: number): Lasting | undefined {
  const { health, control, limits } = samples;
  const all = health.filter(({ at }) => at >= from).map((look) => ({ look, through: throughOf(look) }));
  if (!all.some(({ through }) => through?.found === 'bad')) return undefined;
  const range = neighbourhood(limits.controlEvery);
  const isServed = { byReal: servedIn(samples.requests, samples), byOwn: servedIn(samples.synthetic, samples) };
  const looks = all.flatMap(({ look, through }): Sighting[] => {
    if (through?.found !== 'bad') return through ? [through] : [];
    if (isServed.byReal(look.at) || (through.isFault && isServed.byOwn(look.at))) return [];
    return eyesight(look, control, range, now) === 'well' ? [through] : [];
  });
  return lasting(looks, neighbourhood(limits.healthEvery), rules).trouble;
}

interface Through extends Sighting {
  /** Nobody answered, or with a fault. */
  readonly isFault: boolean;
}

function throughOf({ at, tookMs, values, balancer: standing }: HealthLook): Through | undefined {
  if (values?.application.outcome !== 'up') return undefined;
  const { balancer } = values;
  const end = at + tookMs;
  if (balancer.outcome === 'up') return { at, end, found: 'good', said: '', isFault: false };
  return standing.seenUp ? { at, end, found: 'bad', said: worded(balancer), isFault: isFault(balancer) } : undefined;
}

/** Whether, around that moment, some of these requests were answered well. */
function servedIn(requests: readonly RequestSlot[], { limits }: Samples): (at: number) => boolean {
  const around = Math.ceil(limits.healthEvery / limits.slotMs) * limits.slotMs;
  return (at) => {
    const slot = Math.floor(at / limits.slotMs) * limits.slotMs;
    const near = between(requests, slot - around, slot + around + 1);
    return near.some(({ requests: all, errors }) => all > errors);
  };
}
