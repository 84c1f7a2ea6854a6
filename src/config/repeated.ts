/** Positions of the items whose key somebody before them has already, with that one's position. */
export function repeated<T>(items: readonly T[], keyOf: (item: T) => string | number | undefined): [number, number][] {
  const first = new Map<string | number, number>();
  return items.flatMap((item, index): [number, number][] => {
    const key = keyOf(item);
    if (key === undefined) return [];
    const before = first.get(key);
    if (before === undefined) first.set(key, index);
    return before === undefined ? [] : [[index, before]];
  });
}
