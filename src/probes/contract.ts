import type { Observation } from '../model/observation.ts';

/** Reads the target and reports what it saw; never judges, never throws for anything the target does. */
export interface Probe {
  readonly name: Observation['probe'];
  readonly everyMs: number;
  look(signal: AbortSignal): Promise<Observation[]>;
}
