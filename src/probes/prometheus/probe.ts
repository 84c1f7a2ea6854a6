import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Observation, PrometheusValues } from '../../model/observation.ts';
import type { Ask } from '../ask.ts';
import { atMostAtOnce } from '../at-most-at-once.ts';
import type { Probe } from '../contract.ts';
import { type Answered, readAnswer, readSamples, type Sample, useless } from './answer.ts';
import { type QuerySeen, readQuery, unusable } from './read-query.ts';
import type { PrometheusConfig, PrometheusQuery } from './schema.ts';

export interface PrometheusDependencies {
  readonly prometheus: PrometheusConfig;
  /** How many queries may be under way at once. */
  readonly concurrency: number;
  readonly ask: Ask;
  readonly clock: Clock;
}

type Get = (path: string) => Promise<Answered<unknown>>;

/** What somebody else measures of the application: shares of failed requests and durations, by any query in PromQL. */
export function prometheusProbe({ prometheus, concurrency, ask, clock }: PrometheusDependencies): Probe {
  return {
    name: 'prometheus',
    everyMs: prometheus.every,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const get: Get = async (path) => readAnswer(await ask({ ...questionOf(prometheus), path }, signal));
      const seen = await atMostAtOnce(prometheus.queries, concurrency, (query) => lookAt(query, prometheus, get));
      const alerts = prometheus.alerts.length > 0 ? await firingOf(prometheus.alerts, get) : undefined;
      return [observationOf({ at, tookMs: clock.monotonic() - started }, valuesOf(prometheus.queries, seen, alerts))];
    },
  };
}

function questionOf({ url, timeout, headers, authorization }: PrometheusConfig) {
  const authorized = authorization ? { authorization: authorization.reveal() } : {};
  return { baseUrl: url, headers: { ...headers, ...authorized }, timeoutMs: timeout };
}

async function lookAt(query: PrometheusQuery, { timeout, oldest }: PrometheusConfig, get: Get): Promise<QuerySeen> {
  const samples = await samplesOf(query.query, timeout, get);
  if (!samples.ok) return unusable(samples.reason);
  const newest = await newestOf(query, samples.value, timeout, get);
  return newest.ok
    ? readQuery(query, samples.value, newest.value, oldest)
    : unusable(`its newest sample: ${newest.reason}`);
}

async function samplesOf(query: string, timeoutMs: number, get: Get): Promise<Answered<Sample[]>> {
  const parameters = new URLSearchParams({ query, timeout: `${timeoutMs}ms` });
  const data = await get(`/api/v1/query?${parameters}`);
  return data.ok ? readSamples(data.value) : data;
}

/** The Unix time of the newest samples. A number that no series yields was made at the moment for which it was asked. */
async function newestOf(
  { query, newest }: PrometheusQuery,
  samples: readonly Sample[],
  timeoutMs: number,
  get: Get,
): Promise<Answered<Sample[]>> {
  const isScalar = samples.every(({ isScalar }) => isScalar);
  if (newest === undefined && isScalar) {
    return { ok: true, value: samples.map((sample) => ({ ...sample, value: sample.askedFor })) };
  }
  // On a line of its own: the query may end in a comment.
  return await samplesOf(newest ?? `timestamp(${query}\n)`, timeoutMs, get);
}

const alertsPath = '/api/v1/alerts';
const alertsAnswer = z.object({
  alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })),
});

async function firingOf(names: readonly string[], get: Get): Promise<Answered<string[]>> {
  const data = await get(alertsPath);
  if (!data.ok) return data;
  const read = alertsAnswer.safeParse(data.value);
  if (!read.success) return useless('no list of alerts');
  const firing = new Set(
    read.data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname),
  );
  return { ok: true, value: names.filter((name) => firing.has(name)) };
}

function valuesOf(
  queries: readonly PrometheusQuery[],
  seen: readonly QuerySeen[],
  alerts: Answered<string[]> | undefined,
): PrometheusValues {
  const reasons = queries.flatMap(({ name }, index) =>
    (seen[index]?.reasons ?? []).map((reason) => ({ query: name, reason })),
  );
  return {
    series: seen.flatMap(({ series }) => series),
    unusable: [...reasons, ...(alerts && !alerts.ok ? [{ query: alertsPath, reason: alerts.reason }] : [])],
    ...(alerts?.ok && { firing: alerts.value }),
  };
}

function observationOf(head: { readonly at: number; readonly tookMs: number }, values: PrometheusValues): Observation {
  if (values.series.length > 0) return { probe: 'prometheus', status: 'observed', ...head, values };
  const reason = values.unusable.map(({ query, reason }) => `${query}: ${reason}`).join('; ');
  return { probe: 'prometheus', status: 'unobserved', ...head, reason };
}
