import { readFileSync } from 'node:fs';
import { untilWritten, type WrittenChild } from '../slow/written-steps.ts';
import type { Ground, Place } from './case.ts';
import { programOf } from './score.ts';

const within = 240_000;

/** What a program was caught at; undefined where the step was over before. */
export type Caught = WrittenChild | undefined;

/** Resolves at the moment that the place is about. */
export async function untilThere({ cafe: { journal } }: Ground, { when, step, program }: Place): Promise<Caught> {
  const what = `${step} (${[when, program].filter(Boolean).join(' ')})`;
  return untilWritten(
    journal,
    what,
    (written): { child: Caught } | undefined => {
      if (when === 'inside') return written.started.has(step) ? { child: undefined } : undefined;
      if (when === 'after') return written.succeeded.has(step) ? { child: undefined } : undefined;
      const child = written.children.find(
        (one) => one.step === step && programOf(one.command) === program && isAlive(one),
      );
      if (child) return { child };
      const isOver = written.succeeded.has(step) || written.failed.has(step) || written.finished;
      return isOver ? { child: undefined } : undefined;
    },
    within,
  ).then(({ child }) => child);
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

/** Whether the moment was met: a place beside a program needs that program. */
export const wasMet = ({ when }: Place, caught: Caught): boolean => when !== 'beside' || caught !== undefined;
