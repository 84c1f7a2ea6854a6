import type { RequestSlot } from '../../model/request-slot.ts';
import { between } from '../samples/eyesight.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';
import { ShareSeries, type ShareThresholds, type Tally } from '../samples/shares.ts';
import type { RequestSettings } from './request-settings.ts';

export type Source = 'real' | 'own';

/** What of a slot's requests is bad. */
export interface Measure extends ShareThresholds {
  readonly of: (slot: RequestSlot) => Omit<Tally, 'at'>;
}

/** One measure of one kind of requests. */
export interface Measured {
  readonly source: Source;
  readonly series: ShareSeries<RequestSlot>;
  /** The end of the last slot that is complete: nothing is judged beyond it. */
  readonly to: number;
}

/** Real requests as the balancer wrote them down, or rollbackd's own. Slots that begin before `from` are left out. */
export function measured(
  source: Source,
  samples: Samples,
  settings: RequestSettings,
  measure: Measure,
  { from, now }: { readonly from: number; readonly now: number },
): Measured {
  const slots = slotsOf(source, samples);
  const series = new ShareSeries({ slots, of: measure.of, from }, settings, measure);
  return { source, series, to: completeUntil(source, samples, now) };
}

/** A slot of real requests is complete when the log was read after its end. */
export function completeUntil(source: Source, { limits, requestsLook }: Samples, now: number): number {
  const until = source === 'real' ? (requestsLook?.at ?? now) : now;
  return Math.floor(until / limits.slotMs) * limits.slotMs;
}

export const slotsOf = (source: Source, samples: Samples): readonly RequestSlot[] =>
  source === 'real' ? samples.requests : ownSlots(samples);

/** There is a log of real requests, whether it can be read or not. */
export const hasLog = ({ requestsLook, blind }: Samples): boolean =>
  requestsLook !== undefined || blind.has('requests');

const ownByControl = new WeakMap<Samples['control'], WeakMap<Samples['synthetic'], RequestSlot[]>>();

/**
 * Our own requests fail, too, where this machine's network does: they prove something only while rollbackd saw well. Asked
 * for by each criterion of a round, and found out once.
 */
function ownSlots(samples: Samples): RequestSlot[] {
  const { synthetic, control } = samples;
  const bySlots = ownByControl.get(control) ?? new WeakMap<Samples['synthetic'], RequestSlot[]>();
  ownByControl.set(control, bySlots);
  const known = bySlots.get(synthetic) ?? seenWell(samples);
  bySlots.set(synthetic, known);
  return known;
}

function seenWell({ synthetic, control, limits }: Samples): RequestSlot[] {
  const range = neighbourhood(limits.controlEvery);
  return synthetic.filter(({ at }) => {
    const looks = between(control, at - range, at + limits.slotMs + range);
    return looks.length > 0 && looks.every(({ well }) => well);
  });
}
