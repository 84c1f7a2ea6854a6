import { RollbackdError } from '../../core/errors.ts';
import type { LeftOnTarget } from '../../model/left-on-target.ts';

interface FoundLeft {
  readonly run: string;
  readonly state: LeftOnTarget['state'];
  readonly holder: string;
  readonly since: Date;
}

/** The lease's document as an update answers with it. */
export interface FoundLease {
  readonly granted?: boolean;
  readonly expired?: boolean;
  readonly holder?: string;
  readonly expiresAt?: Date;
  readonly left?: FoundLeft;
}

export const heldByAnother = (target: string, holder: string, expiresAt: Date | undefined) =>
  new RollbackdError(
    'lease-held',
    `another daemon may act on ${target}: ${holder}, until ${expiresAt?.toISOString() ?? 'it is released'}`,
    { remedy: 'let that daemon act, or stop it and wait until its lease has expired' },
  );

/** Its journal knows what was done and what remains; ours does not. */
export function leftByAnother(target: string, left: FoundLeft | undefined): RollbackdError<'lease-held'> {
  if (!left) return heldByAnother(target, 'unknown', undefined);
  const { run, holder, state, since } = left;
  const what = {
    unfinished: `began a rollback of ${target} (${run}) that has not ended well: its downtime is no outage`,
    contained: `has stopped ${target} for a leak (${run}): its downtime is no outage`,
    'rolled-back': `has rolled ${target} back (${run}): users are on the legacy databases, and another rollback would replace their work`,
  } as const;
  return new RollbackdError('lease-held', `another daemon, ${holder}, ${what[state]} (since ${since.toISOString()})`, {
    remedy:
      'finish it there (`rollbackd resume`, `release`, `close` or `acknowledge`); only a person takes it over from here, with `rollbackd rollback --take-over --reason ...`',
  });
}
