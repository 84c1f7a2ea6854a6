import type { Clock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { lastWord } from '../incident/last-word.ts';
import type { GuardResult } from '../model/guard.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Memory } from './memory.ts';

export interface LastLookDependencies {
  readonly memory: Pick<Memory, 'state'>;
  readonly clock: Clock;
  /** As the criteria judge at this moment. */
  readonly verdicts: () => readonly Verdict[];
  /** Counts the writes that would be lost once more. */
  readonly writesGuard: (signal: AbortSignal) => Promise<GuardResult>;
}

const lookEvery = 500;
/** Whether a breach still stands must show in this time; else nothing is stopped. */
const patience = 5 * 60_000;

/** Why a prepared rollback must not stop the application after all; undefined where it may. */
export async function whyCalledOff(
  run: string,
  { memory, clock, verdicts, writesGuard }: LastLookDependencies,
  signal: AbortSignal,
): Promise<string | undefined> {
  const began = clock.monotonic();
  for (;;) {
    const state = memory.state();
    const known = state.runs.get(run);
    if (!known) return `${run} is not known`;
    const said = lastWord(state, known, verdicts(), clock.now());
    if (said.word === 'off') return said.reason;
    if (said.word === 'go') {
      if (known.authority.by !== 'daemon') return undefined;
      const writes = await writesGuard(signal);
      return writes.outcome === 'failed' ? writes.reason : undefined;
    }
    if (clock.monotonic() - began > patience) {
      return `it could not be told within ${formatDuration(patience)} whether the breach still stands: ${said.reason}`;
    }
    await clock.sleep(lookEvery, signal);
  }
}
