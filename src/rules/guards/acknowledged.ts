import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** After a rollback that the daemon did alone, a person must have looked at it before there can be another. */
export function judgeAcknowledged({ lastRollback }: GuardFacts): GuardResult {
  if (!lastRollback?.automatic || !lastRollback.touched)
    return passed('acknowledged', 'no automatic rollback waits to be acknowledged');
  return lastRollback.acknowledged
    ? passed('acknowledged', `${lastRollback.run} has been acknowledged`)
    : failed('acknowledged', `${lastRollback.run} ran by itself and nobody has acknowledged it`);
}
