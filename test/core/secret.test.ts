import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.ts';

describe('a secret', () => {
  test('is revealed only when it is asked to', () => {
    fc.assert(fc.property(fc.string(), (value) => new Secret(value).reveal() === value));
  });

  test('prints as [redacted] however it is printed', () => {
    const value = 'correct horse battery staple';
    const holder = { nested: [new Secret(value)], error: new Error(`no ${new Secret(value)}`) };
    const printed = [
      String(new Secret(value)),
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      JSON.stringify({ ...new Secret(value) }),
      JSON.stringify(Object.getOwnPropertyNames(new Secret(value))),
    ];
    for (const text of printed) expect(text).not.toContain('horse');
    expect(printed[0]).toBe('[redacted]');
    expect(printed[1]).toContain('[redacted]');
  });
});
