import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** Only an armed daemon acts alone. */
export function judgeMode(facts: GuardFacts): GuardResult {
  if (facts.mode === 'armed') return passed('mode', 'mode is armed');
  return failed('mode', `mode is ${facts.mode}: only an armed daemon rolls back alone`);
}
