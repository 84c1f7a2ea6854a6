import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { type Ask, askHttp } from '../../src/probes/ask.ts';
import { publicQuestions, syntheticProbe } from '../../src/probes/synthetic.ts';
import { closedPort, serve } from './server.ts';
import { menu, type ProbesInput, probesOf, targetOf } from './settings.ts';

const signal = new AbortController().signal;
const orders = { ...menu, name: 'orders', list: '/api/orders?limit=5', headers: { 'x-extra': 'yes' } };

function probeOf(
  publicUrl: string,
  changes: Partial<ProbesInput['unified']> = {},
  ask: Ask = askHttp,
  applicationUrl = 'http://127.0.0.1:1',
) {
  const probes = probesOf({
    timeout: '1s',
    unified: { health: { path: '/health' }, routes: [menu, orders], ...changes },
  });
  const target = targetOf(applicationUrl, ['kopi', 'negoes'], publicUrl);
  const traffic = { maintenanceStatus: 503 };
  const probeSet = () => probes.unified;
  return syntheticProbe({ target, probes, probeSet, traffic, slotMs: 60_000, ask, clock: systemClock });
}

async function lookAt(answer: RequestListener) {
  await using server = await serve(answer);
  return (await probeOf(server.url).look(signal))[0];
}

const counts = (requests: number, errors: number) => ({
  status: 'observed',
  values: { slots: [{ requests, errors }] },
});

describe('the synthetic probe', () => {
  it('asks each route as each tenant in turn, through the balancer, and says who it is', async () => {
    const asked: unknown[] = [];
    await using server = await serve(({ url, headers }, answer) => {
      asked.push([url, headers['x-tenant-slug'], headers['user-agent'], headers['x-extra']]);
      answer.end('[]');
    });
    const probe = probeOf(server.url);
    const seen = [];
    for (let look = 0; look < 5; look += 1) seen.push(...(await probe.look(signal)));
    expect(asked).toEqual([
      ['/api/menu', 'kopi', 'rollbackd', undefined],
      ['/api/orders?limit=5', 'negoes', 'rollbackd', 'yes'],
      ['/api/orders?limit=5', 'kopi', 'rollbackd', 'yes'],
      ['/api/menu', 'negoes', 'rollbackd', undefined],
      ['/api/menu', 'kopi', 'rollbackd', undefined],
    ]);
    expect(seen[2]).toMatchObject({
      values: { slots: [{ routes: [{ route: 'GET /api/orders' }], tenants: [{ tenant: 'kopi', requests: 1 }] }] },
    });
  });

  it('never lets one failing route fill a slot, however many tenants there are', () => {
    const names = ['a', 'b', 'c', 'd'];
    const { unified } = probesOf({
      unified: { health: { path: '/health' }, routes: names.map((name) => ({ ...menu, name, list: `/api/${name}` })) },
    });
    const tenants = Array.from({ length: 48 }, (_, index) => `tenant${index}`);
    const asked = publicQuestions(unified, targetOf('http://127.0.0.1:1', tenants));
    expect(asked).toHaveLength(48 * 4);
    for (let begin = 0; begin < asked.length; begin += 12) {
      const slot = asked.slice(begin, begin + 12);
      expect(names.map((name) => slot.filter(({ path }) => path === `/api/${name}`).length)).toEqual([3, 3, 3, 3]);
    }
  });

  it('counts 500 and above, and no answer, as failed; anything else as answered', async () => {
    expect(await lookAt((_, answer) => answer.writeHead(500).end())).toMatchObject(counts(1, 1));
    expect(await lookAt(() => {})).toMatchObject(counts(1, 1));
    expect(await lookAt((_, answer) => answer.writeHead(404).end())).toMatchObject(counts(1, 0));
  });

  it('is blind where nobody listens: the balancer’s trouble, and none of the application', async () => {
    expect(await probeOf(`http://127.0.0.1:${await closedPort()}`).look(signal)).toMatchObject([
      { status: 'unobserved', reason: 'the balancer is not there' },
    ]);
  });

  it('counts no answer that shows maintenance', async () => {
    const shown = await lookAt((_, answer) => answer.writeHead(503, { 'X-Rollbackd-Maintenance': 'a1' }).end());
    expect(shown).toMatchObject({ status: 'unobserved', reason: 'the maintenance answer is shown' });
  });

  it('leaves the application alone behind our own maintenance answer: a rollback proves there which database it reads', async () => {
    const asked: string[] = [];
    const headers = { 'x-rollbackd-maintenance': 'a1' };
    const ask: Ask = ({ baseUrl }) => {
      asked.push(baseUrl);
      return Promise.resolve({ answered: true, status: 503, headers, body: '', tookMs: 1 });
    };
    await probeOf('http://127.0.0.1:1', {}, ask, 'http://127.0.0.1:2').look(signal);
    expect(asked).toEqual(['http://127.0.0.1:1']);
  });

  const throughBalancer = (statuses: readonly number[], application: number | 'gone') => {
    const [balancerUrl, applicationUrl] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'];
    const left = [...statuses];
    const ask: Ask = ({ baseUrl }) => {
      const status = baseUrl === balancerUrl ? left.shift() : application;
      return Promise.resolve(
        typeof status === 'number'
          ? { answered: true, status, headers: {}, body: '', tookMs: 1 }
          : { answered: false, why: 'refused', tookMs: 1 },
      );
    };
    return probeOf(balancerUrl, {}, ask, applicationUrl).look(signal);
  };

  it('counts no maintenance answer that somebody else has put up, with the application well behind it', async () => {
    const shown = 'the balancer shows a maintenance answer of its own';
    expect(await throughBalancer([503, 503], 200)).toMatchObject([{ status: 'unobserved', reason: shown }]);
  });

  it('counts the same status as failed where it is the application’s own, or the balancer is well again', async () => {
    expect(await throughBalancer([503, 503], 503)).toMatchObject([counts(1, 1)]);
    expect(await throughBalancer([503, 503], 'gone')).toMatchObject([counts(1, 1)]);
    expect(await throughBalancer([503, 200], 200)).toMatchObject([counts(1, 1)]);
    expect(await throughBalancer([502, 502], 200)).toMatchObject([counts(1, 1)]);
  });

  it('is blind where it could not ask, and where there is nothing to ask without a login', async () => {
    const unasked: Ask = () => Promise.resolve({ answered: false, why: 'other', tookMs: 1 });
    expect(await probeOf('http://127.0.0.1:1', {}, unasked).look(signal)).toMatchObject([{ status: 'unobserved' }]);
    const login = probeOf('http://127.0.0.1:1', { routes: [{ ...menu, needsLogin: true }] });
    expect(await login.look(signal)).toMatchObject([
      { status: 'unobserved', reason: expect.stringContaining('without a login') },
    ]);
  });
});
