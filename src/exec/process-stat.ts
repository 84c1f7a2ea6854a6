import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../model/child.ts';

/** One line of /proc/<pid>/stat, as far as it matters here. */
export interface ProcessStat extends ProcessIdentity {
  readonly parent: number;
  readonly session: number;
  /** A zombie or a dead entry: holds no port, no file and no memory, and only waits to be counted. */
  readonly ended: boolean;
}

/** What the kernel says of a pid right now; `undefined` where there is no such process. */
export function readStat(pid: number): ProcessStat | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The program's name stands in brackets and may itself hold blanks and brackets.
  const [state, parent, , session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[15] ?? '';
  return { pid, startTime, parent: Number(parent), session: Number(session), ended: state === 'Z' || state === 'X' };
}

/** Every living process of this host, as the kernel lists them. */
export function readProcessTable(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
    .filter(({ ended }) => !ended);
}

/** The same process, not another one that got its pid, and not a zombie. */
export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  const found = readStat(pid);
  return found !== undefined && found.startTime === startTime && !found.ended;
}

/** Processes come and go while they are read, and some belong to others: both look like "not there". */
function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
