import { dayOf } from './day.ts';
import { type ErrorRate, judgesOf, type Rivals } from './error-rates.ts';
import { Random } from './random.ts';
import { questionsIn } from './says.ts';
import { slotsPerDay } from './traffic.ts';

export interface Healthy {
  readonly criterion: ErrorRate;
  readonly perMinute: number;
  readonly failing: number;
  readonly deploys: boolean;
}

/** Questions in so many days on which nobody should have been asked. */
export interface FalseBreaches extends Healthy, Rivals<number> {
  readonly days: number;
}

export function falseBreaches(healthy: Healthy, days: number, seed: number): FalseBreaches {
  const { criterion, perMinute, failing, deploys } = healthy;
  let rule = 0;
  let fixed = 0;
  for (let day = 0; day < days; day += 1) {
    const name = [seed, 'day', criterion, perMinute, failing, String(deploys), day] as const;
    const counts = dayOf(healthy, new Random(...name));
    const judges = judgesOf(criterion, counts, ...name);
    rule += questionsIn(judges.rule, slotsPerDay);
    fixed += questionsIn(judges.fixed, slotsPerDay);
  }
  return { ...healthy, days, rule, fixed };
}
