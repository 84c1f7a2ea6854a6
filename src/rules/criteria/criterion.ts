import type { z } from 'zod';
import type { Tier } from '../../model/tier.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Version } from '../../model/version.ts';
import type { LatencyBaseline } from '../latency-baseline.ts';
import type { Samples } from '../samples/samples.ts';
import type { Availability } from '../sources/availability.ts';
import type { Connections } from '../sources/connections.ts';
import type { RequestSettings } from '../sources/request-settings.ts';

/** Everything that a criterion may judge by. */
export interface JudgeInput {
  readonly samples: Samples;
  readonly now: number;
  /** Looks before this moment do not count: the application was another one, or in our own hands. */
  readonly from: number;
  readonly requests: RequestSettings;
  readonly availability: Availability;
  readonly connections: Connections;
  /** Whose application is expected to run. */
  readonly version: Version;
  /** Slugs of the configured tenants. */
  readonly tenants: ReadonlySet<string>;
  /** Routes that leaked before the migration. */
  readonly leakedBefore: ReadonlySet<string>;
  readonly baseline: LatencyBaseline;
  /** What the criteria before this one in the list said. */
  readonly judged: readonly Verdict[];
}

export type Finding = Omit<Verdict, 'criterion' | 'tier' | 'measure' | 'first'>;

/** The part of it that is no number. */
export type Said = Pick<Finding, 'verdict' | 'reason' | 'exemptBecause' | 'told'>;

/** One row of the decision table: this file's neighbours hold one each, and `list.ts` names them. */
export interface Criterion<N extends string = string, S extends z.ZodType = z.ZodType> {
  readonly name: N;
  readonly tier: Tier;
  readonly settings: S;
  /** Described to whoever configures it. */
  readonly about: string;
  /** Where criteria of several tiers judge the same: what they measure. */
  readonly measure?: string;
  /** `contain`: where it is in breach the application is stopped before anything else. */
  readonly first?: 'contain';
  /** What a rollback would mend: guard `would-help` asks. `connection`: it may help even where mongod is well. */
  readonly mends: 'code' | 'connection' | 'isolation';
  judge(input: JudgeInput, settings: z.infer<S>): Finding;
}

/** Keeps the types of name and settings. */
export const criterion = <const N extends string, S extends z.ZodType>(definition: Criterion<N, S>): Criterion<N, S> =>
  definition;
