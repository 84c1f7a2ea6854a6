import { spawnSync } from 'node:child_process';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { needs } from '../../deploy/optional-tool.ts';
import { serve } from '../server.ts';
import { lookAt, type PrometheusInput } from './look.ts';
import { startPrometheus } from './real-prometheus.ts';

/** What a café's own metrics might be, with what was recorded three minutes ago and is shown as such ever since. */
function cafeMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const recorded = `# TYPE cafe_recorded gauge\ncafe_recorded 0.2 ${Date.now() - 180_000}\n`;
  return {
    text: async () => (await registry.metrics()) + recorded,
    requests: new Counter({ name: 'cafe_requests_total', help: 'x', labelNames: ['tenant', 'status'], registers }),
    took: new Histogram({
      name: 'cafe_seconds',
      help: 'x',
      labelNames: ['route'],
      buckets: [0.1, 0.2, 0.4],
      registers,
    }),
    share: new Gauge({ name: 'cafe_share', help: 'x', labelNames: ['tenant'], registers }),
    fails: new Gauge({ name: 'cafe_fails', help: 'x', registers }),
  };
}

/** Many times a second so many requests more, until the end. */
function traffic({ requests, took }: ReturnType<typeof cafeMetrics>): Disposable {
  const serving = setInterval(() => {
    requests.inc({ tenant: 'kopi', status: '200' }, 9);
    requests.inc({ tenant: 'kopi', status: '500' }, 1);
    requests.inc({ tenant: 'negoes', status: '200' }, 5);
    requests.inc({ tenant: 'negoes', status: '500' }, 5);
    took.observe({ route: 'GET /api/menu' }, 0.15);
  }, 50);
  return { [Symbol.dispose]: () => clearInterval(serving) };
}

const servers = new AsyncDisposableStack();
const second = servers.use(new AsyncDisposableStack());
let url = '';

beforeAll(async () => {
  // Each test says itself that it is missing.
  if (spawnSync('prometheus', ['--version']).error) return;
  const metrics = cafeMetrics();
  metrics.fails.set(1);
  metrics.share.set({ tenant: 'kopi' }, Number.NaN);
  metrics.share.set({ tenant: 'negoes' }, 0.25);
  servers.use(traffic(metrics));
  const cafe = servers.use(await serve(async (_, answer) => void answer.end(await metrics.text())));
  const another = second.use(await serve((_, answer) => void answer.end('another_share 0.5\n')));
  url = servers.use(await startPrometheus([cafe.url, another.url])).url;
});
afterAll(() => servers.disposeAsync());

const share = (changes: Partial<PrometheusInput['queries'][number]> = {}) => ({
  name: 'share',
  measure: 'error-rate' as const,
  query: 'cafe_share',
  ...changes,
});

const look = (queries: PrometheusInput['queries']) =>
  lookAt({ url, queries, alerts: ['CafeFails', 'AnotherAlert'], timeout: '5s' });

const patient = { timeout: 30_000, interval: 200 };

const failedShare = (by: string) =>
  `sum ${by} (rate(cafe_requests_total{status="500"}[2s])) / sum ${by} (rate(cafe_requests_total[2s]))`;

test('a real Prometheus tells shares by tenant, durations by route, and which alert fires', async (context) => {
  needs(context, 'prometheus', 'prometheus');
  const p95 = 'histogram_quantile(0.95, sum by (le, route) (rate(cafe_seconds_bucket[2s])))';
  const queries: PrometheusInput['queries'] = [
    share({ name: 'by tenant', query: failedShare('by (tenant)'), tenantLabel: 'tenant' }),
    share({ name: 'whole', query: failedShare('by ()'), newest: 'max(timestamp(cafe_requests_total))' }),
    { name: 'p95', measure: 'latency', query: `${p95} # of the routes`, routeLabel: 'route' },
  ];
  await expect
    .poll(() => look(queries), patient)
    .toMatchObject({
      status: 'observed',
      values: {
        series: [
          { query: 'by tenant', measure: 'error-rate', tenant: 'kopi', value: expect.closeTo(0.1, 1) },
          { query: 'by tenant', measure: 'error-rate', tenant: 'negoes', value: expect.closeTo(0.5, 1) },
          { query: 'whole', measure: 'error-rate', value: expect.closeTo(0.3, 1) },
          { query: 'p95', measure: 'latency', route: 'GET /api/menu', value: expect.closeTo(195, 0) },
        ],
        unusable: [],
        firing: ['CafeFails'],
      },
    });
});

test('a tenant without a number is left out with the reason, and the others stay', async (context) => {
  needs(context, 'prometheus', 'prometheus');
  await expect
    .poll(() => look([share({ tenantLabel: 'tenant' })]), patient)
    .toMatchObject({
      status: 'observed',
      values: {
        series: [{ tenant: 'negoes', value: 0.25 }],
        unusable: [{ query: 'share', reason: 'no number (NaN): 1 of 2 series, for tenant kopi' }],
      },
    });
});

test('what is old, infinite, empty, refused, wrong in kind, or no share is blindness, each with its reason', async (context) => {
  needs(context, 'prometheus', 'prometheus');
  const reasonOf = async (query: string, changes: Partial<PrometheusInput['queries'][number]> = {}) => {
    const seen = await look([share({ query, ...changes })]);
    return seen.status === 'unobserved' ? seen.reason.replace(/^share: /, '') : seen.values;
  };
  const negoes = 'cafe_share{tenant="negoes"}';
  await expect.poll(() => reasonOf(negoes), patient).toMatchObject({ series: [{ value: 0.25 }], unusable: [] });
  expect(await reasonOf('0.25')).toMatchObject({ series: [{ value: 0.25 }], unusable: [] });
  expect(await reasonOf('cafe_recorded')).toMatch(/^its newest sample is 3m.* old$/);
  expect(await reasonOf(negoes, { newest: 'max(timestamp(cafe_recorded))' })).toMatch(
    /^its newest sample is 3m.* old$/,
  );
  expect(await reasonOf(negoes, { newest: 'no_such_series' })).toBe('its newest sample: it yields nothing');
  expect(await reasonOf(`${negoes} / 0`)).toBe('no number (infinite)');
  expect(await reasonOf('no_such_series')).toBe('it yields nothing');
  expect(await reasonOf('sum(')).toMatch(/^status 400: bad_data: .*parse error/);
  expect(await reasonOf(`${negoes}[1m]`)).toBe('it yields a matrix: one value for each series is wanted');
  expect(await reasonOf('"text"')).toBe('it yields a string: one value for each series is wanted');
  expect(await reasonOf(`100 * ${negoes}`)).toBe('it yields 25: a share lies from 0 to 1');
  expect(await reasonOf(`-1 * ${negoes}`)).toBe('it yields -0.25: no share is below 0');
  expect(await reasonOf('cafe_share')).toMatch(/^it yields several series for the whole/);
  expect(await reasonOf('cafe_fails', { tenantLabel: 'tenant' })).toBe('no label tenant');
});

test('an exporter that dies is blindness: its last value is forgotten', async (context) => {
  needs(context, 'prometheus', 'prometheus');
  const queries = [share({ query: 'another_share' })];
  await expect.poll(() => look(queries), patient).toMatchObject({ values: { series: [{ value: 0.5 }] } });
  await second.disposeAsync();
  await expect.poll(() => look(queries), patient).toMatchObject({ reason: 'share: it yields nothing' });
});
