import { expect, it } from 'vitest';
import { emptyLists } from '../../../src/rules/sources/empty-lists.ts';
import { isolationLook, samplesOf } from '../looks.ts';

type Counted = readonly [route: string, tenant: string, documents: number | undefined];
const empty = (lists: readonly Counted[], from = 1_000) => {
  const looks = lists.map(([route, tenant, documents]) => isolationLook('clean', 1_000, { route, tenant, documents }));
  return emptyLists(samplesOf(looks, 2_000), from);
};
const menu: readonly Counted[] = [
  ['menu', 'kopi', 0],
  ['menu', 'negoes', 0],
];

it.each<readonly [when: string, others: readonly Counted[], found: string[]]>([
  ['one document of one tenant', [['orders', 'negoes', 1]], ['menu']],
  [
    'a list that is empty for some',
    [
      ['orders', 'kopi', 0],
      ['orders', 'negoes', 2],
    ],
    ['menu'],
  ],
  ['no list that was counted', [['orders', 'kopi', undefined]], []],
  ['no other list', [], []],
])('is empty for everybody beside %s, or may be so', (_when, others, found) => {
  expect(empty([...menu, ...others])).toEqual(found);
});

it('is named with others in order, from the given moment on', () => {
  const bill: readonly Counted[] = [
    ['bill', 'kopi', 0],
    ['bill', 'negoes', 0],
  ];
  const all = [...menu, ...bill, ['orders', 'kopi', 3]] as const;
  expect(empty(all)).toEqual(['bill', 'menu']);
  expect(empty(all, 1_001)).toEqual([]);
});
