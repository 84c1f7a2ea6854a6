import type { Observation } from '../model/observation.ts';

/** Hands on what cannot wait for the end of the look. It is in the look's result all the same, and counts once. */
export type Tell = (observations: readonly Observation[]) => void;

/** Reads the target and reports what it saw; never judges, never throws for anything the target does. */
export interface Probe {
  readonly name: Observation['probe'];
  readonly everyMs: number;
  look(signal: AbortSignal, tell?: Tell): Promise<Observation[]>;
}
