import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atMostAtOnce } from '../../src/probes/at-most-at-once.ts';

it('gives every result in the order of the items, and never has too many under way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), async (turns, most) => {
      let underWay = 0;
      let highest = 0;
      const results = await atMostAtOnce([...turns.entries()], most, async ([position, count]) => {
        underWay += 1;
        highest = Math.max(highest, underWay);
        for (let turn = 0; turn < count; turn++) await Promise.resolve();
        underWay -= 1;
        return position;
      });
      expect(results).toEqual([...turns.keys()]);
      expect(highest).toBeLessThanOrEqual(most);
    }),
  );
});

it('fails with the first failure', async () => {
  const work = async (item: number) => {
    if (item === 2) throw new Error('two');
    return item;
  };
  await expect(atMostAtOnce([1, 2, 3], 1, work)).rejects.toThrow('two');
});
