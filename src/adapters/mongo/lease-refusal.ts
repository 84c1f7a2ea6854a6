import { RollbackdError } from '../../core/errors.ts';
import type { JournalMark } from '../../model/journal-mark.ts';
import type { LeftOnTarget } from '../../model/left-on-target.ts';

export interface FoundLeft {
  readonly run: string;
  readonly state: LeftOnTarget['state'];
  readonly holder: string;
  readonly since: Date;
}

/** How far the journal of whoever wrote here last had come; older versions did not say. */
export interface FoundMark extends JournalMark {
  readonly holder: string;
}

/** The lease's document as an update answers with it. */
export interface FoundLease {
  readonly granted?: boolean;
  readonly expired?: boolean;
  readonly holder?: string;
  readonly epoch?: number;
  readonly expiresAt?: Date;
  readonly left?: FoundLeft;
  readonly journal?: FoundMark;
}

export interface Asked {
  readonly target: string;
  readonly me: string;
  readonly epoch: number | undefined;
}

/** Whoever holds it right now is named first; then what stands there without being held. */
export function refusal({ target, me, epoch }: Asked, found: FoundLease | null): RollbackdError<'lease-held'> {
  const { holder, left, expired, expiresAt } = found ?? {};
  if (holder !== undefined && holder !== me && !expired) return heldByAnother(target, holder, expiresAt);
  if (left && left.holder !== me) return leftByAnother(target, left);
  if (epoch !== undefined && found?.epoch !== epoch) return takenMeanwhile(target);
  return unknownToUs(target, found);
}

const heldByAnother = (target: string, holder: string, expiresAt: Date | undefined) =>
  new RollbackdError(
    'lease-held',
    `another daemon may act on ${target}: ${holder}, until ${expiresAt?.toISOString() ?? 'it is released'}`,
    { remedy: 'let that daemon act, or stop it and wait until its lease has expired' },
  );

const takenMeanwhile = (target: string) =>
  new RollbackdError('lease-held', `the lease on ${target} has not been ours all the time: another daemon had it`, {
    remedy: 'find out what was done from there, before this run goes on (`rollbackd resume`)',
  });

const whatStands = (target: string, { run, state }: FoundLeft): string =>
  ({
    unfinished: `began a rollback of ${target} (${run}) that has not ended well: its downtime is no outage`,
    contained: `has stopped ${target} for a leak (${run}): its downtime is no outage`,
    'rolled-back': `has rolled ${target} back (${run}): users are on the legacy databases, and another rollback would replace their work`,
  })[state];

/** Its journal knows what was done and what remains; ours does not. */
function leftByAnother(target: string, left: FoundLeft) {
  const { holder, since } = left;
  const message = `another daemon, ${holder}, ${whatStands(target, left)} (since ${since.toISOString()})`;
  return new RollbackdError('lease-held', message, {
    remedy:
      'finish it there (`rollbackd resume`, `release`, `close` or `acknowledge`); only a person takes it over from here, with `rollbackd rollback --take-over --reason ...`',
  });
}

/** The journal was moved away, or an older copy of it was put back. */
export function unknownToUs(target: string, found: FoundLease | null) {
  const left = found?.left;
  const what = left
    ? `${whatStands(target, left)} (since ${left.since.toISOString()})`
    : `has acted on ${target} up to event ${found?.journal?.seq} of its journal`;
  const message = `this daemon ${what}, and the journal that it has now does not know of it`;
  return new RollbackdError('lease-held', message, {
    remedy:
      'stop it and put the newest copy of its state folder back; where there is none, only a person goes on, with `rollbackd rollback --take-over --reason ...`, after a look at whose work the databases hold',
  });
}
