import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

export function judgeLease({ lease }: GuardFacts): GuardResult {
  if (!lease.known) return failed('lease', `the lease on the target is not ours: ${lease.reason}`);
  return lease.value.mine
    ? passed('lease', `the lease on the target is held by ${lease.value.heldBy}, which is us`)
    : failed('lease', `the lease on the target is held by ${lease.value.heldBy}`);
}
