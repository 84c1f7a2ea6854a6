import type { IsolationLook, Samples } from '../samples/samples.ts';

/** Trusted routes whose newest lists were empty for each of several tenants, while other routes had documents for them. */
export function emptyLists({ isolation }: Samples, from: number): string[] {
  const isList = ({ at, trusted, ask, via }: IsolationLook) => at >= from && trusted && ask === 'own-list' && !via;
  const newest = [...isolation.values()].flatMap((looks) => looks.findLast(isList) ?? []);
  const byRoute = Map.groupBy(newest, ({ route }) => route);
  const isEmpty = (looks: readonly IsolationLook[]) => looks.every(({ documents }) => documents === 0);
  const empty = [...byRoute].filter(([, looks]) => looks.length >= 2 && isEmpty(looks)).map(([route]) => route);
  const full = [...byRoute.values()].some((looks) => looks.some(({ documents = 0 }) => documents > 0));
  return full ? empty.sort() : [];
}
