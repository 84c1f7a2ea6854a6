import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { JournalEvent } from '../model/event.ts';
import { asJournalError, journalError } from './fault.ts';
import { checkFile, storedEvents } from './stored-events.ts';

/** Every event of a journal that no daemon holds, or of a copy; each is checked, and nothing is written. Errors: JournalError. */
export function readJournal(file: string): JournalEvent[] {
  if (!statSync(file, { throwIfNoEntry: false })) throw journalError('not-writable', file, 'It is not there.');
  try {
    using database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    checkFile(database, file);
    return [...storedEvents(database, file)];
  } catch (error) {
    throw asJournalError(error, file);
  }
}
