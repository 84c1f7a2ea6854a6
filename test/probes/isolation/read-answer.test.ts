import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList, readOne } from '../../../src/probes/isolation/read-answer.ts';

const bare = { documents: '$[*]', idField: '_id' };
const wrapped = { documents: '$.data[*]', idField: '_id' };
const nothing = { documents: 0, ids: [] };
const unreadable = expect.stringMatching(/^answers, but not in the configured shape/);

describe('a list', () => {
  it.each<[unknown, typeof bare, unknown]>([
    [[{ _id: 'a' }, { _id: 7 }], bare, { documents: 2, ids: ['a', '7'] }],
    [{ data: [{ _id: 'a' }] }, wrapped, { documents: 1, ids: ['a'] }],
    [[{ _id: 'a' }, { name: 'without' }], bare, { documents: 2, ids: ['a'] }],
    [[{ _id: { $oid: 'a' } }], { ...bare, idField: '_id.$oid' }, { documents: 1, ids: ['a'] }],
    [[], bare, nothing],
    [{ data: [] }, wrapped, nothing],
    [[], wrapped, nothing],
    [{ pages: [{ items: [] }] }, { ...bare, documents: '$.pages[*].items[*]' }, nothing],
    [{ data: [] }, bare, unreadable],
    [{ data: null }, wrapped, unreadable],
    [{ success: false }, wrapped, unreadable],
    [null, bare, unreadable],
    ['<html>', bare, unreadable],
    [[{ id: 'a' }], bare, unreadable],
    [[{ _id: null }], bare, unreadable],
    [[{ _id: { nested: true } }], bare, unreadable],
  ])('%j is read as it is meant, or not at all', (body, route, held) => {
    expect(readList(body, route)).toEqual(held);
  });
});

describe('one document, asked for by its id', () => {
  const id = '65f1c0ffee65f1c0ffee65f1';

  it('is found in any field, at any depth, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.constant(0)), { maxLength: 6 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (path, beside) => {
          const wrap = (inner: unknown, name: string | number) =>
            name === 0 ? [inner, beside] : { ...beside, success: true, [name]: inner };
          const body = path.filter((name) => name !== 'success').reduce<unknown>(wrap, { any: id });
          expect(readOne(body, id, bare)).toEqual({ documents: 1, ids: [id] });
        },
      ),
    );
  });

  it.each<[unknown, string]>([
    [{ item: { id: 42 } }, '42'],
    [{ item: { itemId: '42' } }, '42'],
    [{ ids: [41, 42] }, '42'],
    [{ code: 'b-42' }, 'b-42'],
  ])('is found in %j as text or number', (body, asked) => {
    expect(readOne(body, asked, bare)).toEqual({ documents: 1, ids: [asked] });
  });

  it('is found by a short number in the field that the database or the answer calls its id', () => {
    expect(readOne({ item: { number: 42 } }, '42', { ...bare, storedIdField: 'number' })).toMatchObject({
      documents: 1,
    });
    expect(readOne({ item: { number: 42 } }, '42', { ...bare, idField: 'number' })).toMatchObject({ documents: 1 });
  });

  it('is not a price that happens to be the same number', () => {
    expect(readOne({ _id: 'own', price: 42 }, '42', bare)).toEqual({ documents: 1, ids: ['own'] });
    expect(readOne({ name: 'latte', price: 42 }, '42', bare)).toEqual(unreadable);
  });

  it('is neither handed out nor withheld where a failure names it', () => {
    expect(readOne({ success: false, message: 'not found', id }, id, bare)).toEqual(expect.stringContaining('failed'));
  });

  it('is read by the ids of what came instead', () => {
    expect(readOne({ success: true, item: { _id: 'x' } }, id, bare)).toEqual({ documents: 1, ids: ['x'] });
  });

  it.each<[unknown, typeof bare]>([
    [null, bare],
    [[], bare],
    [{}, bare],
    [{ data: null }, bare],
    [{ success: true, data: [], total: 0 }, bare],
    [{ success: false, message: 'not found' }, bare],
    [{ data: null, message: 'not found' }, wrapped],
  ])('is withheld where the answer is explicitly empty: %j', (body, route) => {
    expect(readOne(body, id, route)).toEqual(nothing);
  });

  it.each<[unknown, typeof bare]>([
    ['<html>', bare],
    ['', bare],
    [{ message: 'hello' }, bare],
    [{ item: { name: 'latte', note: null } }, bare],
    [{ name: 'latte', data: null }, bare],
    [{ data: null, item: { name: 'latte' } }, wrapped],
    [42, bare],
  ])('cannot be told from nothing where the shape is not readable: %j', (body, route) => {
    expect(readOne(body, id, route)).toEqual(unreadable);
  });

  it('is looked for without end in whatever depth somebody nests', () => {
    let body: unknown = id;
    for (let depth = 0; depth < 50_000; depth += 1) body = [body];
    expect(readOne(body, id, bare)).toMatchObject({ documents: 1 });
  });
});
