import type { ProcessIdentity } from '../model/child.ts';
import type { ProcessStat } from './process-stat.ts';

/**
 * Everything that belongs to a child: the given processes, the sessions that came out of it, and all descendants, tagged or not
 * (a program may start another one with a clean environment). Never this process itself.
 */
export function familyOf(
  seeds: readonly ProcessIdentity[],
  leader: number | undefined,
  table: readonly ProcessStat[],
): ProcessIdentity[] {
  const byPid = new Map(table.map((stat) => [stat.pid, stat]));
  const family = new Map<number, ProcessStat>();
  // Never this process, and so none of its children by it either.
  for (const seed of seeds.filter(({ pid }) => pid !== process.pid)) {
    const stat = byPid.get(seed.pid);
    if (stat?.startTime === seed.startTime) family.set(stat.pid, stat);
  }
  const sessions = new Set([...family.values()].map(({ session }) => session).filter(isOurs));
  for (const stat of table) if (sessions.has(stat.session)) family.set(stat.pid, stat);
  addDescendants(family, table);
  family.delete(process.pid);
  return [...family.values()].map(({ pid, startTime }) => ({ pid, startTime }));

  /** A session whose living leader is none of the child's is somebody else's: only its tagged members count. */
  function isOurs(session: number): boolean {
    if (session === byPid.get(process.pid)?.session) return false;
    return session === leader || family.has(session) || !byPid.has(session);
  }
}

function addDescendants(family: Map<number, ProcessStat>, table: readonly ProcessStat[]): void {
  const before = family.size;
  for (const stat of table) if (family.has(stat.parent)) family.set(stat.pid, stat);
  if (family.size > before) addDescendants(family, table);
}
