import { describe, expect, it } from 'vitest';
import { failingRoutes, failingTenants, newlyRefusing, refusing } from '../../../src/rules/sources/failing-features.ts';
import { type SlotSaid, slotOf } from '../looks.ts';

type Routes = NonNullable<SlotSaid['routes']>;
const rules = { above: 0.5, odds: 2, failures: 8 };
const routes = (said: Routes) => slotOf(0, { routes: said });
const isTenant = (slug: string) => slug === 'kopi';

it('fails where so many requests do, and more than the share, by more than chance', () => {
  const found = (requests: number, errors: number, odds = rules.odds) => {
    const slot = slotOf(0, { routes: { menu: { requests, errors } }, tenants: { kopi: [requests, errors] } });
    const features = [
      ...failingRoutes(slot, isTenant, { ...rules, odds }),
      ...failingTenants(slot, isTenant, { ...rules, odds }),
    ];
    expect(features.every(({ share, all }) => share === errors / requests && all === requests)).toBe(true);
    return features.map(({ name }) => name);
  };
  expect([found(7, 7), found(8, 8)]).toEqual([[], ['menu', 'kopi']]);
  expect([found(20, 12), found(20, 13)]).toEqual([[], ['menu', 'kopi']]);
  expect([found(9, 9, 1_000), found(10, 10, 1_000)]).toEqual([[], ['menu', 'kopi']]);
});

describe('a route that refuses', () => {
  it('is one that refuses more of all its requests than the share, however few are left', () => {
    const said = { login: { requests: 4, refused: 20 }, menu: { requests: 20, refused: 20 }, list: { requests: 20 } };
    expect(refusing(routes({ ...said, bill: { refused: 7 } }), rules).map(({ route }) => route)).toEqual(['login']);
  });

  const anew = (now: Routes, before: Routes, windows = 1) =>
    newlyRefusing(routes(now).routes, routes(before), windows, rules);

  it('does so anew where it was seldom refused before, and says how much of it is', () => {
    const before = { menu: { requests: 40, refused: 40 }, login: { requests: 40 } };
    const both = { login: { requests: 5, refused: 15 }, menu: { requests: 5, refused: 15 } };
    expect(anew(both, before)).toEqual([
      {
        kind: 'route',
        name: 'login',
        all: 20,
        share: 0.75,
        tenants: [],
        said: '15 of 20 requests of login were refused, which it hardly did before',
      },
    ]);
    expect(anew({ login: { refused: 15 } }, { menu: { requests: 40 } })).toEqual([]);
    expect(anew({ login: { refused: 15 } }, { login: { requests: 30, refused: 10 } })).toHaveLength(1);
    expect(anew({ login: { refused: 15 } }, { login: { requests: 30, refused: 11 } })).toEqual([]);
  });

  it('answered well often enough before, in as much time', () => {
    const answered = (requests: number, errors: number, windows = 1) =>
      anew({ login: { refused: 15 } }, { login: { requests, errors } }, windows).length;
    expect([answered(8, 0), answered(7, 0)]).toEqual([1, 0]);
    expect([answered(12, 4), answered(12, 5)]).toEqual([1, 0]);
    expect([answered(24, 0, 3), answered(23, 0, 3)]).toEqual([1, 0]);
  });

  it('answers well no more than a quarter of what it did', () => {
    const still = (requests: number, errors: number) =>
      anew({ login: { requests, errors, refused: 90 } }, { login: { requests: 40 } }).length;
    expect([still(10, 0), still(11, 0), still(11, 1), still(20, 9)]).toEqual([1, 0, 1, 0]);
  });
});
