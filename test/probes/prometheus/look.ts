import type { z } from 'zod';
import { systemClock } from '../../../src/core/clock.ts';
import { askHttp } from '../../../src/probes/ask.ts';
import { prometheusProbe } from '../../../src/probes/prometheus/probe.ts';
import { prometheusSchema } from '../../../src/probes/prometheus/schema.ts';

export type PrometheusInput = z.input<typeof prometheusSchema>;

/** One look of the probe. */
export async function lookAt(settings: PrometheusInput, signal = new AbortController().signal) {
  const prometheus = prometheusSchema.parse(settings);
  const [seen] = await prometheusProbe({ prometheus, concurrency: 4, ask: askHttp, clock: systemClock }).look(signal);
  if (!seen) throw new TypeError('a look of this probe is one observation');
  return seen;
}
