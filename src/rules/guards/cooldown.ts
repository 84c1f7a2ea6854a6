import { formatDuration } from '../../core/duration.ts';
import type { GuardResult } from '../../model/guard.ts';
import type { GuardConfig } from '../schema.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** Counts from the end of the last rollback, whoever started it and however it ended. */
export function judgeCooldown({ lastRollback, now }: GuardFacts, { cooldown }: GuardConfig): GuardResult {
  if (!lastRollback) return passed('cooldown', 'no rollback so far');
  const { run, endedAt } = lastRollback;
  if (endedAt === undefined) return failed('cooldown', `${run} has not ended`);
  const since = Math.max(0, now - endedAt);
  const said = `${run} ended ${formatDuration(since)} ago (cooldown ${formatDuration(cooldown)})`;
  return since < cooldown ? failed('cooldown', said) : passed('cooldown', said);
}
