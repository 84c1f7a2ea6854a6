import { formatDuration } from '../../core/duration.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import type { MeasuredSlot } from '../windows/measured-slots.ts';
import { logReadUntil, settling } from '../windows/told-slots.ts';
import type { Windows } from '../windows/windows.ts';

/** Why the newest slots prove nothing, in words; undefined where one of them does. */
export function reasonForSilence(
  windows: Windows,
  { slot, slots }: RulesConfig['requests'],
  newestFirst: Iterable<MeasuredSlot>,
  lastProof: number | undefined,
  now: number,
): string | undefined {
  const patience = (slots + 1) * slot + settling(windows.limits);
  if (lastProof !== undefined && now - lastProof < patience) return undefined;
  const since = lastProof === undefined ? 'so far' : `for ${formatDuration(now - lastProof)}`;
  const [newest] = newestFirst;
  const open = windows.requestsLook.at(-1)?.openUpstream ?? 0;
  if (newest?.doubt === 'unread') return `${unread(windows)}: rollbackd's own requests alone give no all-clear`;
  if (newest?.doubt === 'contradicted')
    return `too few real requests ${since} to measure anything, and what they say rollbackd's own do not: nobody knows which is right`;
  if (open > 0)
    return `too few requests were answered ${since} while ${open} connections to the application are open: that is not quiet`;
  return `too few requests ${since}, real ones and rollbackd's own, to measure anything`;
}

function unread(windows: Windows): string {
  const until = logReadUntil(windows);
  return Number.isFinite(until)
    ? `the log of requests has not been read since ${formatInstant(until)}`
    : 'the log of requests cannot be read';
}

/** Of a breach while the newest slots are no longer above `clear`. */
export const notOver = (slots: number): string => `over only when ${slots} slots in a row have recovered`;
