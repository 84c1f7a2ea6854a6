import type { Observation } from '../../src/model/observation.ts';
import { type Verdict, verdict } from '../../src/model/verdict.ts';
import { type Judging, judgeAll } from '../../src/rules/judge.ts';
import type { Samples } from '../../src/rules/samples/samples.ts';
import { rules, samplesOf } from './looks.ts';

export const tenants = new Set(['kopi', 'negoes', 'warung']);

type Over = Partial<Omit<Judging, 'samples' | 'now'>>;

/** What is said must be what can be written down. */
export function judgeSamples(samples: Samples, now: number, over: Over = {}) {
  const judged = judgeAll({
    samples,
    now,
    rules,
    judgedFrom: 0,
    version: 'unified',
    tenants,
    leakedBefore: new Set(),
    baseline: new Map(),
    ...over,
  });
  verdict.array().parse(judged.verdicts);
  return judged;
}

/** What one criterion says of these observations, as the whole judgement leaves it. */
export function judgeLooks(name: string, observations: readonly Observation[], now: number, over: Over = {}): Verdict {
  return verdictOf(name, samplesOf(observations, now), now, over);
}

export function verdictOf(name: string, samples: Samples, now: number, over: Over = {}): Verdict {
  const found = judgeSamples(samples, now, over).verdicts.find(({ criterion }) => criterion === name);
  if (!found) throw new Error(`no criterion is called ${name}`);
  return found;
}
