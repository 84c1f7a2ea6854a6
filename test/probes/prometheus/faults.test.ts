import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { closedPort, serve } from '../server.ts';
import { lookAt, type PrometheusInput } from './look.ts';

const errors = { name: 'errors', measure: 'error-rate', query: 'e' } as const;
const now = 1_800_000_000;

const vector = (...values: readonly (readonly [Record<string, string>, string])[]) => ({
  resultType: 'vector',
  result: values.map(([metric, value]) => ({ metric, value: [now, value] })),
});
const success = (data: unknown, more = {}) => JSON.stringify({ status: 'success', data, ...more });
const fresh = success(vector([{}, String(now - 1)]));

/** Answers each query with a text of its own; the age of whatever it is, with a second. */
const answering =
  (answers: Readonly<Record<string, string>>): RequestListener =>
  ({ url = '' }, answer) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const asked = searchParams.get('query') ?? pathname;
    answer.setHeader('content-type', 'application/json').end(answers[asked] ?? fresh);
  };

async function look(answer: RequestListener, changes: Partial<PrometheusInput> = {}) {
  await using server = await serve(answer);
  return await lookAt({ url: server.url, queries: [errors], ...changes });
}

const reasonFor = async (answer: RequestListener) => {
  const seen = await look(answer, { timeout: '200ms' });
  return seen.status === 'unobserved' ? seen.reason : 'observed';
};

describe('what only a stand-in can show', () => {
  it.each<[string, RequestListener, string]>([
    ['an error without a body', (_, answer) => answer.writeHead(500).end(), 'status 500, but no answer of Prometheus'],
    ['a page of a proxy', (_, answer) => answer.end('<html>ok</html>'), 'status 200, but no answer of Prometheus'],
    ['an answer cut off', (_, answer) => answer.end('{"status":"succ'), 'status 200, but no answer of Prometheus'],
    ['no answer at all', () => {}, 'no answer within its time'],
    ['a connection that breaks', ({ socket }) => socket.destroy(), 'connection reset'],
    [
      'an error in its own words',
      (_, answer) => answer.writeHead(503).end('{"status":"error","errorType":"timeout","error":"took too long"}'),
      'status 503: timeout: took too long',
    ],
    ['no data', answering({ e: success(undefined) }), 'it yields a thing that cannot be read: one value for each'],
    ['a text for a number', answering({ e: success(vector([{}, 'many'])) }), 'no number (NaN)'],
    [
      'part of the data',
      answering({ e: success(vector([{}, '1']), { warnings: ['store down'] }) }),
      'a warning: store',
    ],
    [
      'a native histogram',
      answering({ e: success({ resultType: 'vector', result: [{ metric: {}, histogram: [now, {}] }] }) }),
      'it yields a histogram',
    ],
    [
      'more series than anybody has tenants',
      answering({ e: success(vector(...Array.from({ length: 1_001 }, () => [{}, '0'] as const))) }),
      'it yields 1001 series: at most 1000 are read',
    ],
  ])('%s is blindness', async (_, answer, reason) => {
    expect(await reasonFor(answer)).toContain(`errors: ${reason}`);
  });

  it('is blind where nobody listens', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await lookAt({ url, queries: [errors] })).toMatchObject({ reason: 'errors: connection refused' });
  });
});

describe('the Prometheus probe', () => {
  it('sees with the queries that answer, and says of each other one why it does not', async () => {
    const slow = { name: 'slow', measure: 'latency', query: 's' } as const;
    const seen = await look(answering({ e: success(vector([{}, '0.02'])), s: success(vector()) }), {
      queries: [errors, slow],
      alerts: ['A'],
    });
    expect(seen).toMatchObject({
      status: 'observed',
      values: {
        series: [{ query: 'errors', measure: 'error-rate', value: 0.02 }],
        unusable: [
          { query: 'slow', reason: 'it yields nothing' },
          { query: '/api/v1/alerts', reason: 'no list of alerts' },
        ],
      },
    });
    expect(seen).not.toHaveProperty('values.firing');
  });

  it('judges the age of each tenant by its own samples where they have it', async () => {
    const both = (kopi: string, negoes: string) =>
      success(vector([{ tenant: 'kopi' }, kopi], [{ tenant: 'negoes' }, negoes]));
    const answers = { e: both('0.1', '0.2'), 'timestamp(e\n)': both(String(now - 600), String(now - 5)) };
    const seen = await look(answering(answers), { queries: [{ ...errors, tenantLabel: 'tenant' }] });
    expect(seen).toMatchObject({
      values: {
        series: [{ tenant: 'negoes', value: 0.2 }],
        unusable: [{ reason: 'its newest sample is 10m old: 1 of 2 series, for tenant kopi' }],
      },
    });
  });

  it('takes a share that misses 1 by a rounding for 1', async () => {
    const seen = await look(answering({ e: success(vector([{}, '1.0000000002'])) }));
    expect(seen).toMatchObject({ values: { series: [{ value: 1 }] } });
  });

  it('asks under the path and with the headers that are configured, and says who it is', async () => {
    const asked: unknown[] = [];
    await using server = await serve(({ url, headers }, answer) => {
      asked.push([url?.split('?')[0], headers.authorization, headers['x-scope-orgid'], headers['user-agent']]);
      answer.end(fresh);
    });
    await lookAt({
      url: `${server.url}/monitoring/`,
      queries: [errors],
      authorization: 'Bearer abc',
      headers: { 'X-Scope-OrgID': 'cafe' },
    });
    expect(asked[0]).toEqual(['/monitoring/api/v1/query', 'Bearer abc', 'cafe', 'rollbackd']);
  });

  it('ends with its signal', async () => {
    const stopping = new AbortController();
    await using server = await serve(() => stopping.abort(new Error('stopped')));
    await expect(lookAt({ url: server.url, queries: [errors] }, stopping.signal)).rejects.toThrow('stopped');
  });
});
