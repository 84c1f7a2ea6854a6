import { z } from 'zod';
import { redact } from '../../core/redaction.ts';
import { describeSilence, type Reply } from '../ask.ts';

/** What Prometheus answered, or in words why that is of no use. */
export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const useless = (reason: string) => ({ ok: false, reason }) as const;

/** One series at the moment for which it was asked. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in seconds, by Prometheus's own clock. */
  readonly askedFor: number;
  readonly value: number;
  /** No series of its own: a number that Prometheus has made at that moment. */
  readonly isScalar: boolean;
}

const longestReason = 200;
/** More than so many tenants and routes are no measure but a mistake in the query. */
const mostSeries = 1_000;

const envelope = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().default('error'),
  error: z.string().default(''),
  warnings: z.array(z.string()).default([]),
});

const point = z.tuple([z.number(), z.string()]);
const result = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: point.optional() })),
  }),
  z.object({ resultType: z.literal('scalar'), result: point }),
]);

/** The `data` of an answer of its API. */
export function readAnswer(reply: Reply): Answered<unknown> {
  if (!reply.answered) return useless(describeSilence(reply.why));
  const read = envelope.safeParse(reply.body);
  if (!read.success) return useless(`status ${reply.status}, but no answer of Prometheus`);
  const { status, data, errorType, error, warnings } = read.data;
  if (status === 'error') return useless(short(`status ${reply.status}: ${errorType}: ${error}`));
  if (reply.status !== 200) return useless(`status ${reply.status}`);
  // Part of the data may be missing: a share of what is there is not the share of all.
  return warnings.length > 0 ? useless(short(`a warning: ${warnings.join('; ')}`)) : { ok: true, value: data };
}

/** The series of an answer to a query. */
export function readSamples(data: unknown): Answered<Sample[]> {
  const read = result.safeParse(data);
  if (!read.success) return useless(`it yields a ${typeOf(data)}: one value for each series is wanted`);
  if (read.data.resultType === 'scalar') return { ok: true, value: [sampleOf({}, read.data.result, true)] };
  const series = read.data.result;
  if (series.length === 0) return useless('it yields nothing');
  if (series.length > mostSeries) return useless(`it yields ${series.length} series: at most ${mostSeries} are read`);
  const samples = series.flatMap(({ metric, value }) => (value ? [sampleOf(metric, value)] : []));
  return samples.length === series.length ? { ok: true, value: samples } : useless('it yields a histogram');
}

const sampleOf = (labels: Sample['labels'], [askedFor, text]: z.infer<typeof point>, isScalar = false): Sample => ({
  labels,
  askedFor,
  value: numberOf(text),
  isScalar,
});

/** As Prometheus writes what JSON has no word for. */
const infinite: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };
const numberOf = (text: string): number => infinite[text] ?? (text.trim() === '' ? Number.NaN : Number(text));

const typeOf = (data: unknown): string => {
  const read = z.object({ resultType: z.enum(['matrix', 'string']) }).safeParse(data);
  return read.success ? read.data.resultType : 'thing that cannot be read';
};

const short = (text: string): string => redact(text).slice(0, longestReason);
