import type { GuardResult } from '../../model/guard.ts';
import { formatInstant } from '../instant.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

export function judgePause({ paused, now }: GuardFacts): GuardResult {
  if (!paused || now >= paused.until) return passed('pause', 'acting is not paused');
  return failed('pause', `paused by ${paused.person} until ${formatInstant(paused.until)}: ${paused.reason}`);
}
