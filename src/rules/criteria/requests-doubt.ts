import { formatDuration } from '../../core/duration.ts';
import type { RulesConfig } from '../schema.ts';
import { neighbourhood } from '../windows/limits.ts';
import type { Windows } from '../windows/windows.ts';

/** Why the newest slots prove nothing, in words; undefined where one of them does. */
export function reasonForSilence(
  windows: Windows,
  { slot, slots }: RulesConfig['requests'],
  lastProof: number | undefined,
  now: number,
): string | undefined {
  const patience = (slots + 1) * slot + neighbourhood(windows.limits.requestsEvery);
  if (lastProof !== undefined && now - lastProof <= patience) return undefined;
  const since = lastProof === undefined ? 'so far' : `for ${formatDuration(now - lastProof)}`;
  const look = windows.requestsLook.at(-1);
  const open = look?.openUpstream ?? 0;
  if (open > 0) {
    return `no request was answered ${since} while ${open} connections to the application are open: that is not quiet`;
  }
  return `too few requests ${since}, real ones and rollbackd's own, to measure anything`;
}
