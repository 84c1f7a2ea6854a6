import { formatDuration } from '../../core/duration.ts';
import type { RulesConfig } from '../schema.ts';
import { settling } from '../windows/proven-slots.ts';
import type { Windows } from '../windows/windows.ts';

/** Why the newest slots prove nothing, in words; undefined where one of them does. */
export function reasonForSilence(
  windows: Windows,
  { slot, slots }: RulesConfig['requests'],
  lastProof: number | undefined,
  now: number,
): string | undefined {
  const patience = (slots + 1) * slot + settling(windows.limits);
  if (lastProof !== undefined && now - lastProof <= patience) return undefined;
  const since = lastProof === undefined ? 'so far' : `for ${formatDuration(now - lastProof)}`;
  const open = windows.requestsLook.at(-1)?.openUpstream ?? 0;
  if (open > 0) {
    return `too few requests were answered ${since} while ${open} connections to the application are open: that is not quiet`;
  }
  return `too few requests ${since}, real ones and rollbackd's own, to measure anything`;
}
