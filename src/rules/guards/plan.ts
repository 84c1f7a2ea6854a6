import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/**
 * What the unified database held cannot be had again where nothing of it is kept; and what is replaced in it comes back by hand
 * alone. Either is for a person to accept.
 */
export function judgePlan({ plan }: GuardFacts): GuardResult {
  if (!plan.known) return failed('plan', `no plan could be made: ${plan.reason}`);
  const { hash, unifiedNotKept, replacesInUnified } = plan.value;
  const ready = `a plan stands ready (${hash.slice(0, 12)})`;
  if (replacesInUnified !== undefined) {
    return failed('plan', `${ready}, but it replaces ${replacesInUnified}, so a person decides`);
  }
  if (unifiedNotKept === undefined) return passed('plan', ready);
  return failed(
    'plan',
    `${ready}, but it keeps NOTHING of the unified database, so a person decides: ${unifiedNotKept}`,
  );
}
