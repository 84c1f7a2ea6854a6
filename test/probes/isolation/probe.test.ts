import { describe, expect, it } from 'vitest';
import type { DocumentOwnership } from '../../../src/adapters/mongo/ownership.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { askHttp } from '../../../src/probes/ask.ts';
import { isolationProbe } from '../../../src/probes/isolation/probe.ts';
import { serve } from '../server.ts';
import { probesOf, targetOf } from '../settings.ts';
import { type Application, brief, documents, forever, look, own, ownership, routes, well } from './stage.ts';

const nobodyElse = async () => [];

describe('the isolation probe', () => {
  it('finds nothing where each tenant gets its own, documents that all have included', async () => {
    expect(brief(await look({}))).toEqual({
      'own-list of menu as negoes': 3,
      'foreign-id of menu as negoes': 1,
      'own-list of menu as kopi': 2,
      'foreign-id of menu as kopi': 1,
    });
  });

  it('names each document that a list hands to the wrong tenant, and its owners', async () => {
    const application: Application = (asked, answer, response) =>
      asked.path === '/api/menu'
        ? answer(200, documents(['a1', 'b1', 'shared', 'open']))
        : well(asked, answer, response);
    expect(brief(await look({ application, probes: { leakBurst: 0 } }))).toMatchObject({
      'own-list of menu as negoes': ['b1 of kopi'],
      'own-list of menu as kopi': ['a1 of negoes'],
    });
  });

  it('proves nothing by documents that nobody knows', async () => {
    const application: Application = (_asked, answer) => answer(200, documents(['new-1', 'new-2']));
    expect(brief(await look({ application }))).toMatchObject({ 'own-list of menu as kopi': 0 });
  });

  it('proves nothing by an empty list, but says that it was one', async () => {
    const application: Application = (_asked, answer) => answer(200, []);
    const [seen] = await look({ application });
    expect(seen).toMatchObject({ status: 'observed', values: { documents: 0, checked: 0, foreign: [] } });
  });

  it('says how many documents an answer held, of known owner or not', async () => {
    const application: Application = (_asked, answer) => answer(200, documents(['a1', 'new-1', 'new-2']));
    expect((await look({ application }))[0]).toMatchObject({ values: { documents: 3, checked: 1 } });
  });

  it.each<[string, unknown]>([
    ['nothing stands where the documents should', { items: documents(['a1']) }],
    ['the documents have no id', [{ name: 'latte' }]],
    ['it is no JSON at all', 'hello'],
  ])('is blind, not reassured, where a list is not in the configured shape: %s', async (_how, body) => {
    const application: Application = (_asked, answer) => answer(200, body);
    expect(brief(await look({ application }))['own-list of menu as kopi']).toMatch(
      /^answers, but not in the configured shape/,
    );
  });

  it.each<[string, unknown]>([
    ['bare', { _id: 'b1' }],
    ['in a list', [{ _id: 'b1' }]],
    ['under another field', { id: 'b1', name: 'latte' }],
    ['wrapped', { success: true, item: { _id: 'b1' } }],
  ])('sees that a document of another tenant is handed out by its id: %s', async (_how, body) => {
    const application: Application = ({ path }, answer) => (path === '/api/menu/b1' ? answer(200, body) : answer(404));
    const seen = brief(await look({ application, slugs: ['negoes'] }));
    expect(seen['foreign-id of menu as negoes']).toEqual(['b1 of kopi']);
  });

  it('looks up whose another document is that is handed out instead of the one that was asked for', async () => {
    const application: Application = (_asked, answer) => answer(200, { item: { _id: 'a2' } });
    const seen = brief(await look({ application, probes: { ...routes({}), leakBurst: 0 } }));
    expect(seen).toMatchObject({ 'foreign-id of menu as negoes': 1, 'foreign-id of menu as kopi': ['a2 of negoes'] });
  });

  it('is blind where nobody can tell what was handed out for another tenant’s id, and reassured by nothing', async () => {
    const answering = async (status: number, body: unknown) => {
      const application: Application = (_asked, answer) => answer(status, body);
      return brief(await look({ application }))['foreign-id of menu as kopi'];
    };
    expect(await answering(200, { item: { name: 'latte' } })).toMatch(/^answers, but not in the configured shape/);
    expect(await answering(200, { success: true, data: null })).toBe(1);
  });

  it.each([403, 404, 410])('takes %i for a foreign document as withheld', async (status) => {
    const application: Application = (_asked, answer) => answer(status);
    expect(brief(await look({ application }))).toMatchObject({ 'foreign-id of menu as kopi': 1 });
  });

  it.each([302, 400, 401, 405, 429, 500, 503])('is blind, not reassured, at status %i', async (status) => {
    const application: Application = (_asked, answer) => answer(status);
    expect(brief(await look({ application }))).toMatchObject({
      'own-list of menu as kopi': `status ${status}`,
      'foreign-id of menu as kopi': `status ${status}`,
    });
  });

  it('does not ask for another tenant’s document where there is none', async () => {
    const nothing: DocumentOwnership = { ...ownership, foreignId: async () => undefined };
    expect(brief(await look({ ownership: nothing }))).toMatchObject({
      'foreign-id of menu as kopi': 'no other tenant has a document there',
    });
  });

  it('asks without a tenant only where a refusal is expected', async () => {
    const tenantless = routes({ refusesWithoutTenant: [400] });
    expect(brief(await look({ probes: tenantless }))).toMatchObject({ 'no-tenant of menu as nobody': 1 });
    expect(brief(await look({}))).not.toHaveProperty('no-tenant of menu as nobody');
  });

  it('takes whatever is handed out without a tenant for a leak', async () => {
    const application: Application = (asked, answer, response) =>
      asked.tenant ? well(asked, answer, response) : answer(200, documents(['a1', 'open']));
    const seen = brief(await look({ application, probes: routes({ refusesWithoutTenant: [400] }) }));
    expect(seen['no-tenant of menu as nobody']).toEqual(['a1 of negoes']);
  });

  it('is blind at an unexpected refusal without a tenant', async () => {
    const application: Application = (_asked, answer) => answer(503);
    const seen = brief(await look({ application, probes: routes({ refusesWithoutTenant: [400] }) }));
    expect(seen['no-tenant of menu as nobody']).toBe('status 503');
  });

  it('carries whether the route may decide', async () => {
    const seen = await look({ slugs: ['kopi'], probes: routes({ name: 'reports', trusted: false }, {}) });
    const trusted = seen.flatMap((one) => ('values' in one && one.probe === 'isolation' ? [one.values] : []));
    expect(trusted.map(({ route, trusted: may }) => [route, may])).toEqual([
      ['reports', false],
      ['reports', false],
      ['menu', true],
      ['menu', true],
    ]);
  });

  it('sends the headers that the route asks for besides the tenant', async () => {
    const application: Application = ({ tenant, request }, answer) =>
      answer(request.headers['x-api-key'] === 'k' && tenant ? 200 : 401, documents(own[tenant]));
    const seen = brief(await look({ application, probes: routes({ headers: { 'x-api-key': 'k' } }) }));
    expect(seen['own-list of menu as kopi']).toBe(2);
  });

  it('goes on with the others while one tenant hangs', async () => {
    const application: Application = (asked, answer, response) => {
      if (asked.tenant !== 'kopi') well(asked, answer, response);
    };
    const seen = brief(await look({ application, probes: { timeout: '1s' } }));
    expect(seen).toEqual({
      'own-list of menu as negoes': 3,
      'foreign-id of menu as negoes': 1,
      'own-list of menu as kopi': 'timeout',
      'foreign-id of menu as kopi': 'timeout',
    });
  });

  it('lets a hanging answer take one place, not hold up a whole batch', async () => {
    const slugs = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const application: Application = ({ tenant }, answer) => {
      if (Number(tenant.slice(1)) % 4 !== 0) answer(200, []);
    };
    const started = performance.now();
    const bare = routes({ one: undefined as never });
    const seen = await look({ application, slugs, probes: { ...bare, timeout: '1s', concurrency: 4 } });
    expect(seen).toHaveLength(12);
    expect(performance.now() - started).toBeLessThan(2_700);
  });

  it('has no more questions under way than it may', async () => {
    let most = 0;
    const held: (() => void)[] = [];
    const application: Application = (asked, answer, response) => {
      held.push(() => well(asked, answer, response));
      most = Math.max(most, held.length);
      if (held.length >= 3)
        setImmediate(() => {
          for (const release of held.splice(0)) release();
        });
    };
    const slugs = Array.from({ length: 9 }, (_, index) => `t${index}`);
    await look({ application, slugs, probes: { concurrency: 3, timeout: '5s' } });
    expect(most).toBe(3);
  });

  it('asks as a tenant that only the unified database knows, and as each tenant once', async () => {
    const application: Application = ({ tenant }, answer) =>
      answer(200, documents(tenant === 'late' ? ['a1'] : own[tenant]));
    const seen = brief(await look({ application, slugs: ['negoes'], knownTenants: ['negoes', 'late'] }));
    expect(seen).toMatchObject({
      'own-list of menu as negoes': own.negoes?.length,
      'own-list of menu as late': ['a1 of negoes'],
    });
    expect(Object.keys(seen).filter((question) => question.startsWith('own-list'))).toHaveLength(2);
  });

  it('is blind where the owners cannot be looked up', async () => {
    const failing: DocumentOwnership = { ...ownership, ownersOf: () => Promise.reject(new Error('mongod is away')) };
    expect(brief(await look({ ownership: failing }))).toMatchObject({ 'own-list of menu as kopi': 'mongod is away' });
  });

  it('asks the whole look about one version, though another is put in its place meanwhile', async () => {
    const other: DocumentOwnership = {
      ...ownership,
      ownersOf: async (_route, ids) => new Map(ids.map((id) => [id, ['x']])),
    };
    const config = probesOf({ isolationThroughBalancerEvery: '0s' });
    let asked = 0;
    await using server = await serve((_request, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(documents(['a1'])));
    });
    const probe = isolationProbe({
      target: targetOf(server.url, ['negoes']),
      probes: config,
      version: () => ({
        probeSet: config.unified,
        ownership: asked === 0 ? ownership : other,
        knownTenants: nobodyElse,
      }),
      ask: askHttp,
      clock: systemClock,
    });
    expect(brief(await probe.look(forever))).toMatchObject({ 'own-list of menu as negoes': 1 });
  });

  it('ends when the daemon stops, and calls that no observation', async () => {
    const stopping = new AbortController();
    const config = probesOf({ timeout: '10s', isolationThroughBalancerEvery: '0s' });
    await using server = await serve(() => stopping.abort(new Error('the daemon stops')));
    const probe = isolationProbe({
      target: targetOf(server.url, ['negoes', 'kopi']),
      probes: config,
      version: () => ({ probeSet: config.unified, ownership, knownTenants: nobodyElse }),
      ask: askHttp,
      clock: systemClock,
    });
    await expect(probe.look(stopping.signal)).rejects.toThrow('the daemon stops');
  });
});
