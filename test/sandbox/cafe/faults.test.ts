import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { loginOf, request, setFault } from './client.ts';
import { eventually } from './eventually.ts';

describe('the faults of the unified café', () => {
  let sandbox: Sandbox;
  let slugs: readonly string[];

  beforeAll(async () => {
    sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', documents: 2_000, requestsPerSecond: 2 });
    slugs = sandbox.tenants.map(({ slug }) => slug);
  }, 180_000);

  afterAll(async () => {
    // It must go in good order with its database down too.
    await sandbox?.switchFault('dbdown');
    await sandbox?.[Symbol.asyncDispose]();
  }, 60_000);

  afterEach(() => sandbox.switchFault('none'));

  /** Statuses by tenant, of so many requests for each to the application itself. */
  const askAll = async (times: number): Promise<ReadonlyMap<string, readonly number[]>> => {
    const statuses = new Map<string, number[]>(slugs.map((slug) => [slug, []]));
    for (let time = 0; time < times; time++) {
      const asked = slugs.map(async (slug) => {
        statuses.get(slug)?.push((await request(sandbox.appUrl, slug, '/api/menu')).status);
      });
      await Promise.all(asked);
    }
    return statuses;
  };

  const wholeStatuses = async (): Promise<readonly number[]> => [...new Set([...(await askAll(2)).values()].flat())];

  it('slow: every tenant waits long, and is answered', async () => {
    await setFault(sandbox, 'slow');
    const took = slugs.map(async (slug) => {
      const began = performance.now();
      const { status } = await request(sandbox.appUrl, slug, '/api/menu');
      return { slug, status, long: performance.now() - began >= 590 };
    });
    expect(await Promise.all(took)).toEqual(slugs.map((slug) => ({ slug, status: 200, long: true })));
  });

  it('errors: three of ten requests fail, of every tenant, and the health does not tell', async () => {
    await setFault(sandbox, 'errors');
    const statuses = await askAll(40);
    const failed = [...statuses.values()].flat().filter((status) => status === 500).length;
    expect(failed / (40 * slugs.length)).toBeGreaterThan(0.2);
    expect(failed / (40 * slugs.length)).toBeLessThan(0.4);
    expect([...statuses.values()].every((each) => each.includes(500) && each.includes(200))).toBe(true);
    expect((await request(sandbox.appUrl, undefined, '/health')).status).toBe(200);
  });

  it('one-tenant: every request of one tenant fails, and nobody else is touched', async () => {
    await sandbox.switchFault('one-tenant', { tenant: slugs[3] ?? '' });
    for (const [slug, statuses] of await askAll(3)) {
      expect([slug, new Set(statuses)]).toEqual([slug, new Set([slug === slugs[3] ? 500 : 200])]);
    }
    await setFault(sandbox, 'one-tenant');
    expect((await request(sandbox.appUrl, slugs[0], '/api/menu')).status).toBe(500);
    expect((await request(sandbox.appUrl, slugs[3], '/api/menu')).status).toBe(200);
  });

  it('transient: requests fail, and after its time nobody has to end it', async () => {
    await sandbox.switchFault('transient', { lasts: 1_500 });
    await eventually(wholeStatuses, (statuses) => statuses.includes(500));
    await eventually(
      () => askAll(3),
      (statuses) => [...statuses.values()].flat().every((status) => status === 200),
    );
    expect((await request(sandbox.controlUrl, undefined, '/fault')).body).toMatchObject({ name: 'transient' });
  });

  it('flap: everything is answered with 503, the health too, and after a while it is well again', async () => {
    await setFault(sandbox, 'flap');
    const health = async () => (await request(sandbox.appUrl, undefined, '/health')).status;
    expect(await wholeStatuses()).toEqual([503]);
    expect(await health()).toBe(503);
    await eventually(health, (status) => status === 200);
    expect(await wholeStatuses()).toEqual([200]);
  }, 60_000);

  it('login: nobody can log in, by 401 or by 500, and all others are served', async () => {
    await setFault(sandbox, 'login');
    const logIn = async (slug: string) => {
      const json = { ...loginOf(sandbox, slug), tenant: slug };
      return (await request(sandbox.appUrl, slug, '/api/auth/login', { method: 'POST', json })).status;
    };
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => slugs.map(logIn)).flat())).sort();
    expect([...new Set(statuses)]).toEqual([401, 500]);
    expect(await wholeStatuses()).toEqual([200]);
  });

  it('feature: one route fails for every tenant, and the others are well', async () => {
    const units = async (slug: string) => (await request(sandbox.appUrl, slug, '/api/units')).status;
    expect(new Set(await Promise.all(slugs.map(units)))).toEqual(new Set([200]));
    await setFault(sandbox, 'feature');
    expect(new Set(await Promise.all(slugs.map(units)))).toEqual(new Set([500]));
    expect(await wholeStatuses()).toEqual([200]);
  });

  it('burst: everything fails for a moment, and again after a while', async () => {
    await setFault(sandbox, 'burst');
    const menu = async () => (await request(sandbox.appUrl, slugs[0], '/api/menu')).status;
    await eventually(menu, (status) => status === 500);
    await eventually(menu, (status) => status === 200);
    await eventually(menu, (status) => status === 500);
  });

  it('dbdown: the database is gone, the process stays, and afterwards everything is as it was', async () => {
    const pids = async () => (await sandbox.pm2.control.list()).map(({ pid }) => pid);
    const before = await pids();
    await sandbox.switchFault('dbdown');
    expect((await request(sandbox.appUrl, slugs[0], '/api/orders', { timeoutMs: 10_000 })).status).toBe(503);
    expect(await pids()).toEqual(before);
    await sandbox.switchFault('none');
    await eventually(wholeStatuses, (statuses) => statuses.join() === '200');
    expect(await sandbox.oracle.judgeUntouched()).toMatchObject({ agrees: true, findings: [] });
  }, 60_000);

  it('customers come as often as they are told to', async () => {
    const started = sandbox.traffic.counts().sent;
    sandbox.traffic.setRate(100);
    await eventually(
      async () => sandbox.traffic.counts().sent - started,
      (sent) => sent >= 50,
      5_000,
    );
    sandbox.traffic.setRate(2);
  });

  it('the access log knows the answers from before the cut-over, all of them well', () => {
    const lines = readFileSync(sandbox.balancer.accessLog, 'utf8').trimEnd().split('\n');
    const customers = lines
      .map((line) => JSON.parse(line) as { time: number; status: number; agent: string; tenant: string })
      .filter(({ time, agent }) => agent === 'cafe-traffic' && time * 1_000 < sandbox.cutoverAt.getTime());
    expect(customers.length).toBeGreaterThan(100);
    expect(new Set(customers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(customers.map(({ tenant }) => tenant))).toEqual(new Set(slugs));
  });
});
