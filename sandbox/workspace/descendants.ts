import { allPids, type ProcessIdentity, processIdentity, readProc, readProcess } from './process-identity.ts';

/** Every living process that came from this one, as long as those between them live. */
export function descendantsOf(ancestor: number): ProcessIdentity[] {
  const parents = new Map(livingPids().map((pid) => [pid, parentOf(pid)]));
  const comesFrom = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || comesFrom(parent));
  };
  return [...parents.keys()].filter(comesFrom).flatMap((pid) => processIdentity(pid) ?? []);
}

const livingPids = (): number[] => allPids().filter((pid) => readProcess(pid)?.ended === false);

function parentOf(pid: number): number | undefined {
  const stat = readProc(pid, 'stat');
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
