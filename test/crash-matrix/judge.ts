import type { Way } from './way-on.ts';

export const outcomes = [
  'finished by itself',
  'finished by resume',
  'safely stopped with its way on',
  'FAULT',
] as const;
export type Outcome = (typeof outcomes)[number];

/** How a case ended, as it was seen from outside. */
export interface Ending {
  /** What the run was when nothing moved any more. */
  readonly run: string;
  /** What was broken must not need anybody. */
  readonly needsNobody: boolean;
  /** Ways that the texts named and that were taken, in their order. */
  readonly ways: readonly Way[];
  /** Everything that is not as it should be, by the oracle, at the stops and at the end. */
  readonly findings: readonly string[];
  readonly lost: number;
  readonly doubled: number;
}

export interface Judgement {
  readonly outcome: Outcome;
  /** Why it is a fault; empty where it is none. */
  readonly faults: readonly string[];
}

export function judge({ run, needsNobody, ways, findings, lost, doubled }: Ending): Judgement {
  const faults = [
    ...(run === 'succeeded' ? [] : [`the run ended as ${run}`]),
    ...(needsNobody && ways.length > 0 ? [`it did not go on by itself, but by ${ways.join(', then ')}`] : []),
    ...findings,
    ...(lost === 0 ? [] : [`${lost} documents are lost`]),
    ...(doubled === 0 ? [] : [`${doubled} documents are there twice`]),
  ];
  if (faults.length > 0) return { outcome: 'FAULT', faults };
  if (ways.length === 0) return { outcome: 'finished by itself', faults };
  const onlyResumed = ways.every((way) => way === 'resume');
  return { outcome: onlyResumed ? 'finished by resume' : 'safely stopped with its way on', faults };
}
