import { RollbackdError } from '../../core/errors.ts';
import type { Observation, PrometheusValues } from '../../model/observation.ts';
import type { Measure, Reading } from './input.ts';

/** What a bare number stands for, and why one cannot be it. */
export interface Measured {
  readonly name: Measure;
  readonly why: (value: number) => string | undefined;
}

/** The one query that such an input stands for. */
const query = 'input';

export function requireMeasure({ file, measure }: Reading): Measured {
  if (measure === 'error-rate') return { name: measure, why: (value) => noShare(value) };
  if (measure === 'latency') return { name: measure, why: (value) => noDuration(value) };
  throw new RollbackdError('input', `${file} holds numbers, but nothing says of what`, {
    remedy: 'say it with --measure error-rate (a share from 0 to 1) or --measure latency',
  });
}

const noShare = (value: number) => (value >= 0 && value <= 1 ? undefined : `${value} is no share from 0 to 1`);
const noDuration = (value: number) => (value >= 0 && Number.isFinite(value) ? undefined : `${value} is no duration`);

type Series = PrometheusValues['series'][number];

/** As if Prometheus had answered the configured query so at that moment. */
export const prometheusLook = (
  at: number,
  series: readonly Omit<Series, 'query'>[],
  unusable: readonly string[] = [],
): Observation => ({
  probe: 'prometheus',
  status: 'observed',
  at,
  tookMs: 0,
  values: {
    series: series.map((each) => ({ query, ...each })),
    unusable: unusable.map((reason) => ({ query, reason })),
  },
});
