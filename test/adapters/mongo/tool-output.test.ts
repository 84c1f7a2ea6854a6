import { expect, test } from 'vitest';
import {
  dumpedCollections,
  keepOutput,
  restoredCollections,
  restoreSummary,
} from '../../../src/adapters/mongo/tool-output.ts';

const AT = '2026-01-01T00:00:00.000+0000\t';

test('a tool that complains about every document fills no memory, and its reports are all there', () => {
  const { onLine, reports, tail } = keepOutput();
  onLine(`${AT}finished restoring cafe_a.menus (3 documents, 0 failures)`);
  for (let n = 0; n < 100_000; n += 1) onLine(`continuing through error: E11000 duplicate key error ${n}`);
  onLine(`${AT}finished restoring \`cafe_a.orders\` (1 document, 100000 failures)`);
  onLine(`${AT}4 document(s) restored successfully. 100000 document(s) failed to restore.`);
  onLine('x'.repeat(1_000_000));
  expect(reports).toHaveLength(3);
  expect(restoredCollections(reports, 'cafe_a').get('menus')).toEqual({ documents: 3, failures: 0 });
  expect(restoreSummary(reports)).toEqual({ documents: 4, failures: 100_000 });
  expect(tail).toHaveLength(50);
  expect(tail.join('').length).toBeLessThan(10_000);
});

test.each([
  'daily sales',
  'trailing ',
  'a`b',
  'finished restoring x (1 document, 0 failures)',
  'new\nline',
  'two\n\n(1 document)\nlines',
  '`',
])('a collection called %j is found in what the tools say, old and new', (name) => {
  for (const namespace of [`cafe_a.${name}`, `\`cafe_a.${name}\``]) {
    const { onLine, reports } = keepOutput();
    const messages = [
      `done dumping ${namespace} (2 documents)`,
      `finished restoring ${namespace} (1 document, 3 failures)`,
    ];
    for (const message of messages) for (const line of `${AT}${message}`.split('\n')) onLine(line);
    expect(dumpedCollections(reports, 'cafe_a').get(name)).toBe(2);
    expect(restoredCollections(reports, 'cafe_a').get(name)).toEqual({ documents: 1, failures: 3 });
  }
});
