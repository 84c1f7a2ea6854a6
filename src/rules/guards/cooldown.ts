import { formatDuration } from '../../core/duration.ts';
import type { GuardResult } from '../../model/guard.ts';
import type { GuardConfig } from '../schema.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/** One that came to nothing before it stopped anything is tried again so soon: what it lacked may be there by then. */
const triedAgainAfter = 5 * 60_000;

/** Counts from the end of the last rollback, whoever started it and however it ended. */
export function judgeCooldown({ lastRollback, now }: GuardFacts, { cooldown }: GuardConfig): GuardResult {
  if (!lastRollback) return passed('cooldown', 'no rollback so far');
  const { run, endedAt, touched } = lastRollback;
  if (endedAt === undefined) return failed('cooldown', `${run} has not ended`);
  const wanted = touched ? cooldown : Math.min(cooldown, triedAgainAfter);
  const since = Math.max(0, now - endedAt);
  const what = touched ? 'ended' : 'ended without having stopped anything';
  const said = `${run} ${what} ${formatDuration(since)} ago (cooldown ${formatDuration(wanted)})`;
  return since < wanted ? failed('cooldown', said) : passed('cooldown', said);
}
