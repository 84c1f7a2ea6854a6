import type { Clock } from '../core/clock.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import { isRefusal } from '../journal/journal.ts';
import { alarm } from './alarm.ts';
import type { Memory } from './memory.ts';

export interface Recovering {
  readonly busy: boolean;
  /** One try, under the conditions of a start: not while acting is paused, not where the target was another's, and so on. */
  recover(): Promise<void>;
}

export interface TakeUpDependencies {
  readonly memory: Memory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const retryEvery = 1_000;

/**
 * Takes up what was cut off, as soon as that is possible: neither a disk that was full for a while nor a server that was away is
 * worse than a crash. Whoever goes on meanwhile by hand is not interfered with. What does not pass by itself is told, and left.
 * `before`: what a first try has met.
 */
export async function takeUp(runs: Recovering, dependencies: TakeUpDependencies, before?: unknown): Promise<void> {
  const { memory, clock, signal } = dependencies;
  let told = isAway(before);
  if (told) tellOfWaiting(memory, before);
  while (!signal.aborted) {
    try {
      while (runs.busy || !memory.writable) await clock.sleep(retryEvery, signal);
      return await runs.recover();
    } catch (fault) {
      if (signal.aborted) return;
      if (!passes(fault)) return alarm(memory, 'an interrupted run could not be taken up', explain(fault));
      if (isAway(fault) && !told) tellOfWaiting(memory, fault);
      told ||= isAway(fault);
    }
    await clock.sleep(retryEvery, signal).catch(() => {});
  }
}

/** Once a wait. */
function tellOfWaiting(memory: Memory, fault: unknown): void {
  const text = `${explain(fault)}\nIt goes on by itself once the server answers; \`rollbackd close\` gives it up.`;
  alarm(memory, 'an interrupted run waits for the legacy server', text);
}

export const passes = (fault: unknown): boolean =>
  isRefusal(fault) || isAway(fault) || (fault instanceof RollbackdError && fault.reason === 'run-under-way');

const isAway = (fault: unknown): boolean => fault instanceof RollbackdError && fault.reason === 'unreachable';
