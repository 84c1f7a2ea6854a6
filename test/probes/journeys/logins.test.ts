import { describe, expect, it } from 'vitest';
import { type Fault, openCafe } from './cafe.ts';
import { journeying, list, login, told } from './journeying.ts';

const minute = 60_000;
const orders = { name: 'list', path: '/api/menu', headers: { Authorization: 'Bearer {token}' } };
const inside = { name: 'inside', steps: [login, orders] };

const logins = (whats: readonly string[]) => whats.filter((what) => what === 'POST /api/auth/login').length;

describe('a step that logs in', () => {
  it('is made with the login of the tenant, and what it saved goes into later steps', async () => {
    await using cafe = await openCafe();
    expect(told(await journeying({ publicUrl: cafe.url, journeys: [inside] }).look())).toMatchObject({
      outcome: 'passed',
    });
    expect(cafe.asked[0]?.body).toEqual({ tenant: 'kopi', email: 'admin@kopi', password: 'secret of kopi' });
    expect(cafe.asked[1]?.token).toBe('token-1');
  });

  it('is not asked again before its time, whichever journey needs it', async () => {
    await using cafe = await openCafe();
    const probe = journeying({ publicUrl: cafe.url, journeys: [inside, { ...inside, name: 'too' }] });
    for (let look = 0; look < 60; look += 1) {
      expect(told(await probe.look())).toMatchObject({ outcome: 'passed' });
      probe.pass(minute / 2);
    }
    expect(logins(cafe.whats())).toBe(1);
    expect(told(await probe.look())).toMatchObject({ outcome: 'passed' });
    expect(logins(cafe.whats())).toBe(2);
  });

  it('is of one tenant and of one version', async () => {
    await using cafe = await openCafe();
    const probe = journeying({ publicUrl: cafe.url, journeys: [inside], slugs: ['kopi', 'guest', 'negoes'] });
    for (let look = 0; look < 4; look += 1) {
      await probe.look();
      probe.pass(minute);
    }
    expect(cafe.asked.map(({ tenant, token }) => (token ? `${tenant} ${token}` : tenant))).toEqual([
      ...['kopi', 'kopi token-1', 'negoes', 'negoes token-2'],
      ...['kopi token-1', 'negoes token-2'],
    ]);
    probe.running.version = 'legacy';
    await probe.look();
    expect(logins(cafe.whats())).toBe(3);
  });

  it('is made anew where an application that was started again knows no earlier one', async () => {
    await using cafe = await openCafe(({ what, token }) =>
      what === 'GET /api/menu' && !cafe.tokens.has(token ?? '') ? { status: 401 } : undefined,
    );
    const probe = journeying({ publicUrl: cafe.url, journeys: [inside] });
    await probe.look();
    cafe.tokens.clear();
    cafe.tokens.add('another').add('and another');
    probe.pass(minute);
    expect(told(await probe.look())).toMatchObject({ outcome: 'passed' });
    expect(cafe.whats()).toEqual([
      ...['POST /api/auth/login', 'GET /api/menu'],
      ...['GET /api/menu', 'POST /api/auth/login', 'GET /api/menu'],
    ]);
  });

  it('fails the journey where a new login is refused too, but is not tried again', async () => {
    await using cafe = await openCafe(({ what }) => (what === 'GET /api/menu' ? { status: 401 } : undefined));
    const probe = journeying({ publicUrl: cafe.url, journeys: [inside] });
    expect(told(await probe.look())).toMatchObject({ outcome: 'failed', step: 'list', reason: 'status 401' });
    probe.pass(minute);
    expect(told(await probe.look())).toMatchObject({ outcome: 'failed', step: 'list', reason: 'status 401' });
    expect(logins(cafe.whats())).toBe(2);
  });

  it('is made by a tenant no sooner than it may: till then the journey says nothing', async () => {
    await using cafe = await openCafe(() => ({ status: 500 }));
    const journeys = [{ name: 'inside', every: '20s', steps: [login, list] }];
    const probe = journeying({ publicUrl: cafe.url, journeys });
    expect(told(await probe.look())).toMatchObject({ outcome: 'failed', step: 'log in', reason: 'status 500' });
    probe.pass(20_000);
    expect(told(await probe.look())).toMatchObject({ outcome: 'inconclusive', reason: 'logged in less than 1m ago' });
    probe.pass(40_000);
    expect(told(await probe.look())).toMatchObject({ outcome: 'failed', reason: 'status 500' });
    expect(cafe.asked).toHaveLength(2);
  });

  it.each<[string, Fault, string, string]>([
    ['limited', () => ({ status: 429 }), 'inconclusive', 'status 429'],
    ['refused', () => ({ status: 401 }), 'failed', 'status 401'],
    ['answered without a token', () => ({ status: 200 }), 'failed', 'no $.token'],
  ])('that is %s is told as such', async (_, fault, outcome, reason) => {
    await using cafe = await openCafe(fault);
    const seen = told(await journeying({ publicUrl: cafe.url, journeys: [inside] }).look());
    expect(seen).toMatchObject({ outcome, step: 'log in', reason });
  });
});
