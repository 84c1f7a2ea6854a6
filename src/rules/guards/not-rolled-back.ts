import type { GuardResult } from '../../model/guard.ts';
import { formatInstant } from '../instant.ts';
import type { GuardFacts } from './facts.ts';
import { failed, passed } from './result.ts';

/**
 * After a rollback the legacy databases are production, and the backup is older than what users wrote to them since:
 * only a new cut-over makes them a thing of the past again.
 */
export function judgeNotRolledBack({ usersBack, cutoverAt }: GuardFacts): GuardResult {
  if (!usersBack || usersBack.startedAt < cutoverAt) {
    return passed('not-rolled-back-yet', `no rollback since cut-over (${formatInstant(cutoverAt)}) has let users in`);
  }
  const { run, since, byHand } = usersBack;
  const what = byHand
    ? `${run} was settled by people: users may have been writing`
    : `${run} has rolled back already: users have been writing`;
  return failed(
    'not-rolled-back-yet',
    `${what} to the legacy databases since ${formatInstant(since)}, and another rollback would replace that with the backup of before the migration`,
  );
}
