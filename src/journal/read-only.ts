import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { RollbackdError } from '../core/errors.ts';
import type { JournalEvent } from '../model/event.ts';
import { asJournalError } from './fault.ts';
import { checkFile, storedEvents } from './stored-events.ts';

const remedy = 'name the journal.db of a state folder (state.folder), or a copy of it with its journal.db-wal.';

/**
 * Every event of a journal that no daemon holds, or of a copy; each is checked, and nothing in it is changed. Errors:
 * RollbackdError with a journal's reasons.
 */
export function readJournal(file: string): JournalEvent[] {
  try {
    if (!statSync(file, { throwIfNoEntry: false })) throw new RollbackdError('not-there', `There is no file ${file}`);
    using database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    checkFile(database, file);
    return [...storedEvents(database, file)];
  } catch (error) {
    throw forReading(asJournalError(error, file), file);
  }
}

/** Whoever only reads is told of the file, and not how a daemon gets to write it again. */
function forReading(error: unknown, file: string): unknown {
  if (!(error instanceof RollbackdError) || error.reason === 'held' || error.reason === 'newer-schema') return error;
  const { reason, cause } = error;
  const why = cause instanceof Error ? cause.message : error.message;
  return new RollbackdError(reason, `${file} cannot be read as a journal (${why})`, { remedy, cause });
}
