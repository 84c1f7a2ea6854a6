import { RollbackdError } from '../core/errors.ts';

export type Refusal =
  | 'not-authorised'
  | 'nothing-to-approve'
  | 'already-decided'
  | 'serving-not-said'
  | 'question-not-named'
  | 'request-changed'
  | 'not-offered'
  | 'not-armable'
  | 'not-armed'
  | 'paused'
  | 'not-paused'
  | 'run-under-way'
  | 'no-such-run'
  | 'not-resumable'
  | 'not-contained'
  | 'not-releasable'
  | 'not-acknowledgeable'
  | 'no-such-incident'
  | 'not-closable'
  | 'legacy-is-live'
  | 'not-permitted';

/** A command that was understood and is not carried out. */
export class CommandRefused extends RollbackdError<Refusal> {}
