import { explain, RollbackdError } from '../core/errors.ts';

/** Something that a run would fail over after the application has been stopped. */
export interface Obstacle {
  readonly what: string;
  /** What a person does about it. */
  readonly mend: string;
}

/** What cannot be looked at is an obstacle too. */
export function obstacleOf(error: unknown): Obstacle {
  if (error instanceof RollbackdError && error.remedy) return { what: error.message, mend: error.remedy };
  return { what: explain(error), mend: 'mend it, then see with `rollbackd doctor`' };
}

export const obstacleInWords = ({ what, mend }: Obstacle): string => `${what.replace(/[.]$/, '')}. Mend: ${mend}`;
