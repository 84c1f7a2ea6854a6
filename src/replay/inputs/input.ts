import type { Observation } from '../../model/observation.ts';
import type { Faults } from './faults.ts';
import type { RequestsWorld } from './request-looks.ts';

export const inputFormats = ['recorder', 'observations', 'access-log', 'csv', 'prometheus'] as const;
export type InputFormat = (typeof inputFormats)[number];

export const measures = ['error-rate', 'latency'] as const;
export type Measure = (typeof measures)[number];

/** How an input is to be read. */
export interface Reading {
  readonly file: string;
  /** Nothing before, nothing from then on. */
  readonly from: number;
  readonly to: number;
  /** What a bare number is. */
  readonly measure: Measure | undefined;
  readonly requests: RequestsWorld;
  readonly faults: Faults;
}

/** Observations in the order in which they would have arrived, some at a time. */
export type Looks = AsyncIterable<readonly Observation[]>;

export const isWithin = ({ from, to }: Pick<Reading, 'from' | 'to'>, at: number): boolean => at >= from && at < to;
