import type { ProbeName } from './observation.ts';

/** A probe that decides has proven nothing since then: neither a breach nor a pass can come of it. */
export interface Blindness {
  readonly probe: ProbeName;
  readonly since: number;
  readonly reason: string;
}
