import { type ErrorRate, judgesOf, type Rivals } from './error-rates.ts';
import { onsetOf } from './onset.ts';
import { Random } from './random.ts';
import { firstQuestion } from './says.ts';
import { slotMs } from './traffic.ts';

export interface Trouble {
  readonly name: string;
  readonly criterion: ErrorRate;
  readonly perMinute: number;
  readonly failing: number;
  /** By then people are to be asked, ms. */
  readonly goal?: number;
  /** It comes and goes: so long in each `every`, ms. */
  readonly bursts?: { readonly every: number; readonly lasting: number };
}

/** From the onset to the question, ms, ascending. */
export interface Times extends Trouble, Rivals<readonly number[]> {}

/** Some requests always fail. */
const before = 0.005;

export function times(trouble: Trouble, trials: number, seed: number): Times {
  const { name, criterion, perMinute } = trouble;
  const rule: number[] = [];
  const fixed: number[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const seeds = [seed, 'onset', name, criterion, perMinute, trial] as const;
    const random = new Random(...seeds);
    const since = failingSince(trouble, random);
    const { counts, begin } = onsetOf({ perMinute, before, since }, random);
    const judges = judgesOf(criterion, counts, ...seeds);
    const slots = counts.all.length;
    rule.push((firstQuestion(judges.rule, begin, slots) - begin) * slotMs);
    fixed.push((firstQuestion(judges.fixed, begin, slots) - begin) * slotMs);
  }
  return { ...trouble, rule: ascending(rule), fixed: ascending(fixed) };
}

/** At a random moment of its period, where it has one. */
function failingSince({ failing, bursts }: Trouble, random: Random): (ms: number) => number {
  if (!bursts) return () => failing;
  const phase = random.between(0, bursts.every);
  return (ms) => ((ms + phase) % bursts.every < bursts.lasting ? failing : before);
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
