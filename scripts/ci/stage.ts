/** One thing that must hold: a program that ends with 0, or a suite of tests. */
export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** It takes vitest's options, and each of its tests counts. Else the stage itself does. */
  readonly isSuite?: true;
}

/** What came of a stage. */
export interface StageResult {
  readonly name: string;
  readonly code: number;
  readonly seconds: number;
  readonly counts: Counts;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, each with its first lines. */
  readonly failures: readonly string[];
}
