import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PrometheusValues } from '../../model/observation.ts';
import { isWithin, type Looks, type Reading } from './input.ts';
import { unreadable } from './lines.ts';
import { prometheusLook, requireMeasure } from './measured.ts';
import { jsonOf } from './observations.ts';

/** What `/api/v1/query_range` answers. */
const rangeAnswer = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).default([]),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

type Series = Omit<PrometheusValues['series'][number], 'query'>;

interface Moment {
  readonly series: Series[];
  readonly unusable: string[];
}

const toMs = 1_000;

/** A Prometheus range answer: a share, or seconds; the labels `tenant` and `route` say of whom. */
export async function* readPrometheus(reading: Reading): Looks {
  const { name, why } = requireMeasure(reading);
  const moments = new Map<number, Moment>();
  for (const { metric, values } of answerIn(reading.file)) {
    const { tenant, route } = metric;
    const subject = { ...(tenant && { tenant }), ...(route && { route }) };
    for (const [seconds, text] of values) {
      const at = Math.round(seconds * toMs);
      if (!isWithin(reading, at)) continue;
      const value = name === 'latency' ? Number(text) * toMs : Number(text);
      const moment = momentOf(moments, at);
      const wrong = Number.isNaN(value) ? `${text} is no number` : why(value);
      if (wrong === undefined) moment.series.push({ measure: name, ...subject, value });
      else moment.unusable.push(wrong);
    }
  }
  for (const at of [...moments.keys()].sort((a, b) => a - b)) {
    const { series, unusable } = momentOf(moments, at);
    yield [prometheusLook(at, series, unusable)];
  }
}

function momentOf(moments: Map<number, Moment>, at: number): Moment {
  const known = moments.get(at) ?? { series: [], unusable: [] };
  moments.set(at, known);
  return known;
}

/** As the daemon's queries: what Prometheus warns of, and several series of the same subject, say nothing. */
function answerIn(file: string) {
  const read = rangeAnswer.safeParse(jsonOf(readFileSync(file, 'utf8')));
  if (!read.success) {
    const [first] = read.error.issues;
    const where = first?.path.map(String).join('.');
    throw unreadable(file, `it is no answer of /api/v1/query_range: ${where} ${first?.message}`);
  }
  const { warnings, data } = read.data;
  if (warnings.length > 0) throw unreadable(file, `Prometheus warns of it, so that it says nothing: ${warnings[0]}`);
  const subjects = new Set(data.result.map(({ metric: { tenant, route } }) => JSON.stringify([tenant, route])));
  if (subjects.size < data.result.length)
    throw unreadable(file, 'it holds several series of the same tenant and route: let the query add them up');
  return data.result;
}
