import { readdirSync, readFileSync } from 'node:fs';

/** A process, told apart from a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot: field 22 of /proc/<pid>/stat. */
  readonly startTime: number;
}

interface ProcessState extends ProcessIdentity {
  readonly session: number;
  readonly stopped: boolean;
  readonly ended: boolean;
}

export const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** What /proc says of a pid now; undefined when there is no such process. */
export function readProcess(pid: number): ProcessState | undefined {
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, and may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const ended = state === 'Z' || state === 'X';
  return { pid, startTime: Number(fields[19]), session: Number(fields[3]), stopped: state === 'T', ended };
}

export function processIdentity(pid: number): ProcessIdentity | undefined {
  const found = readProcess(pid);
  return found && { pid, startTime: found.startTime };
}

/** A zombie counts as gone: it holds no port and no file. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const found = readProcess(pid);
  return found !== undefined && found.startTime === startTime && !found.ended;
}

/** By a signal: it starts nothing until it is woken. */
export function isStopped({ pid, startTime }: ProcessIdentity): boolean {
  const found = readProcess(pid);
  return found !== undefined && found.startTime === startTime && found.stopped;
}

/** One file of /proc/<pid>; undefined when the process is gone or belongs to somebody else. */
export function readProc(pid: number, file: 'stat' | 'environ' | 'cmdline'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
