import { readFileSync } from 'node:fs';
import { untilWritten, type Written, type WrittenChild } from '../slow/written-steps.ts';
import type { Ground, Place } from './case.ts';
import { programOf } from './score.ts';

const within = 240_000;

/** Whether it came to the moment, and with which program at work. */
export interface Moment {
  /** False where the program had ended already, or the run had before it came there. */
  readonly met: boolean;
  readonly child?: WrittenChild;
}

/** Resolves at the moment that the place is about, or when it cannot come any more. */
export function untilThere({ cafe: { journal } }: Ground, place: Place): Promise<Moment> {
  const what = `${place.step} (${[place.when, place.program].filter(Boolean).join(' ')})`;
  return untilWritten(journal, what, (written) => momentIn(written, place), within);
}

function momentIn(written: Written, { when, step, program }: Place): Moment | undefined {
  if (when === 'inside' && written.started.has(step)) return { met: true };
  if (when === 'after' && written.succeeded.has(step)) return { met: true };
  if (written.finished) return { met: false };
  if (when !== 'beside') return undefined;
  const child = written.children.find((one) => one.step === step && programOf(one.command) === program && isAlive(one));
  if (child) return { met: true, child };
  return written.succeeded.has(step) || written.failed.has(step) ? { met: false } : undefined;
}

/** By its start time, since a pid comes again. */
export function isAlive({ pid, startTime }: Pick<WrittenChild, 'pid' | 'startTime'>): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[19] === startTime;
  } catch {
    return false;
  }
}
