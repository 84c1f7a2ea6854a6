import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';

describe('an identifier', () => {
  test('says what it names and sorts by time', () => {
    const now = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(now, now, (a, b) => {
        fc.pre(a !== b);
        expect(newId('run', a) < newId('run', b)).toBe(a < b);
      }),
    );
    expect(newId('run', 0)).toMatch(/^run-0{9}-[0-9a-f]{6}$/);
  });
});
