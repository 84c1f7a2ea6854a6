import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/config/suggest.ts';

const keys = ['evidenceFolder', 'maintenanceFile', 'databaseVariables', 'toleratedErrors'];
const key = fc.constantFrom(...keys);

describe('the suggestion for an unknown key', () => {
  test('survives one letter too many, too few, wrong, or two swapped', () => {
    fc.assert(
      fc.property(key, fc.nat(), fc.constantFrom('add', 'drop', 'change', 'swap'), (meant, seed, slip) => {
        expect(nearest(slipped(meant, seed % (meant.length - 1), slip), keys)).toBe(meant);
      }),
    );
  });

  test('ignores case and is silent when nothing is near', () => {
    expect(nearest('EVIDENCEFOLDER', keys)).toBe('evidenceFolder');
    expect(nearest('colour', keys)).toBeUndefined();
    expect(nearest('', keys)).toBeUndefined();
  });
});

function slipped(text: string, at: number, slip: string): string {
  const [head, letter, next, rest] = [text.slice(0, at), text[at], text[at + 1], text.slice(at + 2)];
  if (slip === 'add') return `${head}x${letter}${next}${rest}`;
  if (slip === 'drop') return `${head}${next}${rest}`;
  return slip === 'swap' ? `${head}${next}${letter}${rest}` : `${head}x${next}${rest}`;
}
