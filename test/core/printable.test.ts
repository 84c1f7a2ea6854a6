import { expect, test } from 'vitest';
import { printable } from '../../src/core/printable.ts';

test.each([
  ['a screen that is cleared', '\u001b[2J\u001b[Hall is well', '[2J[Hall is well'],
  ['a title that is set', '\u001b]0;owned\u0007', ']0;owned'],
  ['the short form of an escape', '\u009b31mred', '31mred'],
  ['a line that is written over', 'rolled back\rall is well', 'rolled backall is well'],
  ['a direction that is turned', 'ana\u202egpj.exe', 'anagpj.exe'],
  ['a break that no editor shows', 'one\u2028two', 'onetwo'],
])('%s is no order to a terminal', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('text of any language, its lines and its tabs stay as they are', () => {
  const text = 'Sarı dīgua 缩减 😀 e\u0301\n\tشكرا — “ok”';
  expect(printable(text)).toBe(text);
});
