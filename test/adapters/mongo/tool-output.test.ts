import { expect, test } from 'vitest';
import { keepOutput, restoredCollections, restoreSummary } from '../../../src/adapters/mongo/tool-output.ts';

test('a tool that complains about every document fills no memory, and its reports are all there', () => {
  const { onLine, reports, tail } = keepOutput();
  onLine('2026 finished restoring cafe_a.menus (3 documents, 0 failures)');
  for (let n = 0; n < 100_000; n += 1) onLine(`continuing through error: E11000 duplicate key error ${n}`);
  onLine('2026 finished restoring `cafe_a.orders` (1 document, 100000 failures)');
  onLine('2026 4 document(s) restored successfully. 100000 document(s) failed to restore.');
  onLine('x'.repeat(1_000_000));
  expect(reports).toHaveLength(3);
  expect(restoredCollections(reports, 'cafe_a').get('menus')).toEqual({ documents: 3, failures: 0 });
  expect(restoreSummary(reports)).toEqual({ documents: 4, failures: 100_000 });
  expect(tail).toHaveLength(50);
  expect(tail.join('').length).toBeLessThan(10_000);
});
