import { assert, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { fill, fillHeaders, fillPath, namesIn } from '../../../src/probes/journeys/variables.ts';

const variables = { id: 7, name: 'a b', done: true };

test('variables are put in wherever a text names them, and what is none stays as it is', () => {
  expect(fill({ a: ['{id}', 'no {id}'], b: { c: '{done}' }, d: '{other}', e: 3, f: null }, variables)).toEqual({
    a: [7, 'no 7'],
    b: { c: true },
    d: '{other}',
    e: 3,
    f: null,
  });
  expect(fill(undefined, variables)).toBeUndefined();
  expect(fillHeaders({ 'x-id': '{id}' }, variables)).toEqual({ 'x-id': '7' });
});

test('what every object has is no variable', () => {
  expect(fill('{constructor} {toString}', variables)).toBe('{constructor} {toString}');
  expect(fill('{constructor}', variables)).toBe('{constructor}');
});

test('whatever a variable holds, it stays one part of the path', () => {
  assert(
    property(record({ id: string({ unit: 'grapheme' }) }), (saved) => {
      expect(fillPath('/api/{id}/x', saved)).toMatch(/^\/api\/[^/?#]*\/x$/);
    }),
  );
});

test('every name in a template is found, however deep', () => {
  expect(namesIn([{ a: '{one} {two}' }, ['{three}'], undefined, 4, '{not one}'])).toEqual(['one', 'two', 'three']);
});
