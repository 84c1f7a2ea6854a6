import type { GuardResult } from '../../model/guard.ts';
import { formatInstant } from '../instant.ts';
import type { GuardConfig } from '../schema.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** What a person armed: that configuration, until that moment, and never past the configuration's own end. */
export function judgeArmedUntil(facts: GuardFacts, config: GuardConfig): GuardResult {
  const { armed, now } = facts;
  if (!armed) return failed('armed-until', 'nobody has armed the daemon');
  if (armed.configHash !== facts.configHash) {
    return failed('armed-until', 'the configuration has changed since it was armed: arm again');
  }
  const until = Math.min(armed.until, config.until);
  if (now >= until) return failed('armed-until', `armed only until ${formatInstant(until)}`);
  return passed('armed-until', `armed until ${formatInstant(until)}`);
}
