import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

export function judgeOneRun({ runUnderWay }: GuardFacts): GuardResult {
  return runUnderWay === undefined
    ? passed('one-run', 'no run is under way')
    : failed('one-run', `${runUnderWay} is under way: one run at a time`);
}
