import type { JournalMark } from '../../model/journal-mark.ts';

/** The memory behind a daemon's name. What stands on the target under that name, and its journal does not know, is another's. */
export interface ItsJournal {
  /** How far it has come. */
  head(): JournalMark;
  /** Whether it has come so far, and by the same way. */
  holds(mark: JournalMark): boolean;
  knowsRun(run: string): boolean;
}

/** Of who only looks. */
export const noJournal: ItsJournal = {
  head: () => ({ seq: 0, hash: '' }),
  holds: () => false,
  knowsRun: () => false,
};
