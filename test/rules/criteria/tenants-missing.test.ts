import { expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { judgeLooks } from '../judging.ts';
import { rules } from '../looks.ts';

type Known = readonly [knownTo: readonly string[], missingFrom: readonly string[]];
const present: Known = [['configuration', 'unified tenants'], []];
const missing: Known = [['configuration'], ['unified tenants']];

const look = (at: number, tenants: Readonly<Record<string, Known>>): Observation => ({
  probe: 'tenants',
  at,
  tookMs: 1,
  status: 'observed',
  values: {
    tenants: Object.entries(tenants).map(([slug, [knownTo, missingFrom]]) => ({
      slug,
      knownTo: [...knownTo],
      missingFrom: [...missingFrom],
    })),
  },
});
const twice = (tenants: Readonly<Record<string, Known>>) => [look(10, tenants), look(20, tenants)];
const judge = (looks: readonly Observation[], over: Parameters<typeof judgeLooks>[3] = {}) =>
  judgeLooks('tenants-missing', looks, 30, over);

it('is a breach by two tenants that two looks in a row miss', () => {
  const two = { kopi: missing, negoes: missing, warung: present };
  const verdict = judge(twice(two));
  expect(verdict).toMatchObject({ verdict: 'breach', tier: 'moderate', value: 2, threshold: 2, unit: 'tenants' });
  expect(verdict).toMatchObject({ samples: 2, windowMs: 0, since: 10, tenants: ['kopi', 'negoes'] });
  expect(verdict.reason).toBe('missing from the unified database: kopi, negoes');
  expect(judge([look(20, two)])).toMatchObject({ verdict: 'pending', since: 20 });
});

it('is told of one tenant', () => {
  const verdict = judge(twice({ kopi: missing, warung: present }));
  expect(verdict).toMatchObject({
    verdict: 'exempt',
    exemptBecause: 'one-tenant',
    told: true,
    tenants: ['kopi'],
    since: 10,
  });
  expect(verdict.reason).toMatch(/; one tenant is no reason for a rollback$/);
});

it('counts those that each of the newest looks misses', () => {
  const first = look(10, { kopi: missing, negoes: missing, warung: present });
  const second = look(20, { kopi: missing, negoes: present, warung: missing });
  expect(judge([first, second])).toMatchObject({ tenants: ['kopi'] });
  expect(judge([first, second, second])).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'warung'] });
});

it('is clear where every configured tenant is there, and where the legacy system runs', () => {
  expect(judge(twice({ kopi: present }))).not.toHaveProperty('since');
  expect(judge(twice({ kopi: present }))).toMatchObject({
    verdict: 'clear',
    reason: 'every configured tenant is in the unified database',
  });
  expect(
    judge(twice({ stray: [['unified tenants'], ['configuration']], other: [['legacy'], ['unified tenants']] })).verdict,
  ).toBe('clear');
  expect(judge(twice({ kopi: missing, negoes: missing }), { version: 'legacy' })).toMatchObject({
    verdict: 'clear',
    samples: 0,
    reason: 'the legacy system runs: it keeps no common list of tenants',
  });
});

it('is in doubt, and told, where the unified database names no tenant at all', () => {
  const verdict = judge(twice({ kopi: missing, negoes: missing }));
  expect(verdict).toMatchObject({ verdict: 'inconclusive', told: true });
  expect(verdict.reason).toMatch(/^the unified database names no tenant at all: see mongo\.unified/);
});

it('is in doubt before the first look, and counts from the given moment on', () => {
  expect(judge([])).toMatchObject({ verdict: 'inconclusive', reason: 'the tenants have not been compared yet' });
  const two = { kopi: missing, negoes: missing, warung: present };
  expect(judge(twice(two), { judgedFrom: 11 }).verdict).toBe('pending');
  expect(judge(twice(two), { judgedFrom: 10 }).verdict).toBe('breach');
  expect(rules['tenants-missing']).toEqual({ samples: 2, tenants: 2 });
});

it('says nothing of now by what was compared long ago', () => {
  const judged = (now: number) => judgeLooks('tenants-missing', twice({ kopi: present }), now);
  expect(judged(20 + 3 * 60_000).verdict).toBe('clear');
  expect(judged(21 + 3 * 60_000)).toMatchObject({
    verdict: 'inconclusive',
    reason: 'the tenants have not been compared since 1970-01-01T00:00:00Z',
  });
  const once = judgeLooks('tenants-missing', [look(20, { kopi: present })], 21 + 3 * 60_000);
  expect(once.verdict).toBe('inconclusive');
});
