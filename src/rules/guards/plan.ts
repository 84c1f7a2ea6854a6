import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

export function judgePlan({ plan }: GuardFacts): GuardResult {
  return plan.known
    ? passed('plan', `a plan stands ready (${plan.value.hash.slice(0, 12)})`)
    : failed('plan', `no plan could be made: ${plan.reason}`);
}
