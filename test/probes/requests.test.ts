import { describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../src/adapters/access-log/contract.ts';
import type { TrafficState } from '../../src/adapters/traffic/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { requestsProbe, routeOfGood } from '../../src/probes/requests.ts';
import { manualClock } from '../manual-clock.ts';
import { probesOf, targetOf } from './settings.ts';

const clock = manualClock();
const now = clock.now();

const entry = (changes: Partial<AccessEntry> = {}): AccessEntry => ({
  at: now - 1_000,
  method: 'GET',
  path: '/api/menu',
  status: 200,
  durationMs: 40,
  upstream: true,
  agent: 'Mozilla/5.0',
  tenant: 'kopi',
  ...changes,
});

type Shown = TrafficState['shows'] | 'unreadable';

function probeOf(
  looks: readonly (readonly AccessEntry[] | RollbackdError)[],
  established: number | 'unknown' = 3,
  doubts: readonly string[] = [],
  shows: readonly Shown[] = [],
) {
  const left = [...looks];
  const shown = [...shows];
  return requestsProbe({
    target: targetOf('http://127.0.0.1:5001', ['kopi']),
    probes: probesOf({ timeout: '5s' }),
    traffic: { maintenanceStatus: 503 },
    balancer: {
      state: () => {
        const state = shown.shift() ?? 'application';
        return state === 'unreadable' ? Promise.reject(new Error('EACCES')) : Promise.resolve({ shows: state });
      },
    },
    slotMs: 60_000,
    clock,
    log: {
      async readOn(onEntry) {
        const look = left.shift() ?? [];
        if (look instanceof RollbackdError) {
          onEntry(entry());
          throw look;
        }
        for (const each of look) onEntry(each);
        return doubts;
      },
      readBefore: () => Promise.resolve(),
    },
    host: {
      establishedTo: () =>
        established === 'unknown' ? Promise.reject(new Error('no /proc')) : Promise.resolve(established),
    },
  });
}
const signal = new AbortController().signal;

async function counted(...entries: AccessEntry[]) {
  const [seen] = await probeOf([entries]).look(signal);
  if (seen?.status !== 'observed' || seen.probe !== 'requests') throw new Error('nothing was observed');
  const { slots } = seen.values;
  const sum = (of: 'requests' | 'errors') => slots.reduce((total, slot) => total + slot[of], 0);
  return { requests: sum('requests'), errors: sum('errors'), slots };
}

describe('the requests probe', () => {
  it('adds real requests up by route and tenant', async () => {
    const { slots } = await counted(entry(), entry({ path: '/api/menu/42', status: 500, tenant: '' }));
    expect(slots).toMatchObject([
      {
        requests: 2,
        errors: 1,
        routes: [
          { route: 'GET /api/menu', requests: 1, errors: 0 },
          { route: 'GET /api/menu/:id', requests: 1, errors: 1 },
        ],
        tenants: [{ tenant: 'kopi', requests: 1, errors: 0 }],
      },
    ]);
  });

  it('counts 500 and above as failed, and a client that gave up only after it had waited long', async () => {
    const failed = [entry({ status: 500 }), entry({ status: 504 }), entry({ status: 499, durationMs: 2_000 })];
    const others = [entry({ status: 302 }), entry({ status: 499, durationMs: 1_999 })];
    const { requests, errors, slots } = await counted(...failed, ...others);
    expect({ requests, errors, cancelled: slots[0]?.cancelled }).toEqual({ requests: 4, errors: 3, cancelled: 1 });
  });

  it('takes no request that was refused for one that was well, however many there are', async () => {
    const refused = [400, 401, 403, 404, 429, 498].map((status) => entry({ status }));
    const { requests, errors, slots } = await counted(...refused, entry(), entry({ status: 500 }));
    expect({ requests, errors, refused: slots[0]?.refused }).toEqual({ requests: 2, errors: 1, refused: 6 });
  });

  it.each([
    ['rollbackd’s own', { agent: 'rollbackd' }],
    ['the balancer’s maintenance answer', { upstream: false, status: 503 }],
    ['a file that the balancer serves by itself', { upstream: false }],
    ['what a browser asks before it asks', { method: 'OPTIONS', status: 204 }],
    ['a connection that was upgraded', { status: 101, durationMs: 3_600_000 }],
    ['a request of hours ago', { at: now - 2 * 3_600_000 }],
    ['a request of a time to come', { at: now + 3_600_000 }],
  ] satisfies [string, Partial<AccessEntry>][])('leaves out %s', async (_what, changes) => {
    expect(await counted(entry(changes), entry())).toMatchObject({ requests: 1 });
  });

  it('counts an error that the balancer gives because it reaches no application', async () => {
    expect(await counted(entry({ upstream: false, status: 502 }))).toMatchObject({ requests: 1, errors: 1 });
  });

  it('counts no maintenance answer of a log that does not tell who answered, while it is shown and just after', async () => {
    const look = [entry({ upstream: 'unknown', status: 503 }), entry({ upstream: 'unknown', status: 500 })];
    const probe = probeOf([look, look, look, look], 3, [], ['maintenance', 'application', 'application', 'unreadable']);
    const errors = [];
    for (let count = 0; count < 4; count += 1) errors.push(...(await probe.look(signal)));
    expect(errors).toMatchObject([1, 1, 2, 1].map((failed) => ({ values: { slots: [{ errors: failed }] } })));
  });

  it('says how many connections to the application are open, where it can tell', async () => {
    expect(await probeOf([[]], 7).look(signal)).toMatchObject([{ values: { slots: [], openUpstream: 7 } }]);
    const unknown = await probeOf([[]], 'unknown').look(signal);
    expect(unknown).toMatchObject([{ status: 'observed', values: { slots: [] } }]);
    expect(unknown[0]).not.toHaveProperty('values.openUpstream');
  });

  it('hands on what about the log is hardly meant so, and says nothing of a log that is in order', async () => {
    expect(await probeOf([[]], 3, ['no tenant']).look(signal)).toMatchObject([{ values: { doubts: ['no tenant'] } }]);
    expect((await probeOf([[]]).look(signal))[0]).not.toHaveProperty('values.doubts');
  });

  it('counts nothing twice of a look that failed half-way', async () => {
    const probe = probeOf([new RollbackdError('log-unreadable', 'gone'), [entry(), entry()]]);
    await expect(probe.look(signal)).rejects.toThrow('gone');
    expect(await probe.look(signal)).toMatchObject([{ values: { slots: [{ requests: 2 }] } }]);
  });
});

describe('the route of a request that was answered well', () => {
  it('is named as the probe names it', () => {
    expect(routeOfGood(entry({ path: '/api/menu/42' }))).toBe('GET /api/menu/:id');
  });

  it.each([
    { status: 404 },
    { status: 500 },
    { status: 101 },
    { upstream: false },
    { agent: 'rollbackd' },
    { method: 'OPTIONS' },
  ])('is none for %o', (changes) => {
    expect(routeOfGood(entry(changes))).toBeUndefined();
  });
});
