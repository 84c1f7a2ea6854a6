import { isNotable, type Verdict } from '../model/verdict.ts';
import { criterionNames } from './criteria/list.ts';
import { type Standing, underStanding } from './standing.ts';

/** The breach that says what is to be done, our own doing left out; the guards are asked about this one. */
export function leadingBreach(verdicts: readonly Verdict[], standing: Standing): Verdict | undefined {
  const read = verdicts.map((verdict) => underStanding(verdict, standing));
  return read.filter((verdict) => verdict.verdict === 'breach').sort(byHarm)[0];
}

export const notableExemption = (verdicts: readonly Verdict[]): Verdict | undefined =>
  verdicts.filter(isNotable).sort(byHarm)[0];

const byHarm = (a: Verdict, b: Verdict): number =>
  criterionNames.indexOf(a.criterion) - criterionNames.indexOf(b.criterion);
