import { expect, it } from 'vitest';
import { theRest } from '../../../src/model/request-slot.ts';
import { affectedTenants, loneTenant } from '../../../src/rules/sources/lone-tenant.ts';
import { type SlotSaid, slotOf } from '../looks.ts';

const rules = { known: new Set(['kopi', 'negoes']), above: 0.1, clear: 0.08 };
const lone = (tenants: NonNullable<SlotSaid['tenants']>, known = rules.known) =>
  loneTenant(slotOf(0, { tenants }), { ...rules, known });

it('is whoever has most failures, where fewer than three of the others fail, or no larger share than `clear`', () => {
  expect(lone({ kopi: [10, 9], negoes: [4, 2] })).toEqual({ tenant: 'kopi', because: 'only-one-seen' });
  expect(lone({ kopi: [10, 9], negoes: [4, 3] })).toBeUndefined();
  expect(lone({ negoes: [50, 4], kopi: [10, 9] })).toEqual({ tenant: 'kopi', because: 'one-tenant' });
  expect(lone({ kopi: [10, 9], negoes: [49, 4] })).toBeUndefined();
});

it('has more failures than all others together', () => {
  expect(lone({ kopi: [10, 9], negoes: [200, 4], warung: [200, 4] })?.tenant).toBe('kopi');
  expect(lone({ kopi: [10, 9], negoes: [200, 5], warung: [200, 4] })).toBeUndefined();
  expect(lone({ kopi: [10, 2], negoes: [10, 1] })?.tenant).toBe('kopi');
  expect(lone({ kopi: [10, 2], negoes: [10, 2] })).toBeUndefined();
});

it('is alone affected where twenty requests of the others went well, else alone seen', () => {
  expect(lone({ kopi: [10, 9], negoes: [20, 0] })?.because).toBe('one-tenant');
  expect(lone({ kopi: [10, 9], negoes: [19, 0] })?.because).toBe('only-one-seen');
});

it('is nobody where nothing fails, where nobody knows whose requests failed, and where there is one tenant only', () => {
  expect(lone({ kopi: [10, 0] })).toBeUndefined();
  expect(lone({})).toBeUndefined();
  expect(lone({ [theRest]: [10, 9], kopi: [10, 1] })).toBeUndefined();
  expect(lone({ kopi: [10, 9] }, new Set(['kopi']))).toBeUndefined();
  expect(lone({ kopi: [10, 9] }, new Set(['negoes']))?.tenant).toBe('kopi');
  expect(lone({ kopi: [10, 9] })?.tenant).toBe('kopi');
});

it('is affected by three failures and a larger share than the threshold, where it is known', () => {
  const affected = (requests: number, errors: number, tenant = 'kopi') =>
    affectedTenants(slotOf(0, { tenants: { [tenant]: [requests, errors] } }), rules);
  expect([affected(10, 3), affected(10, 2), affected(30, 3), affected(29, 3)]).toEqual([['kopi'], [], [], ['kopi']]);
  expect(affected(10, 9, 'made-up')).toEqual([]);
  const both = slotOf(0, { tenants: { negoes: [10, 9], kopi: [10, 9] } });
  expect(affectedTenants(both, rules)).toEqual(['kopi', 'negoes']);
});
