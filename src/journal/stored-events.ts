import type { DatabaseSync } from 'node:sqlite';
import type { JournalEvent } from '../model/event.ts';
import { emptyHead, type Head, readRow, type StoredRow } from './chain.ts';
import { asJournalError, journalError } from './fault.ts';
import { migrations, schemaVersion } from './migrations.ts';

const pageSize = 500;
/** "RBKJ": tells our file from any other SQLite file. */
export const applicationId = 0x52_42_4b_4a;

/** Events in order, each checked against the one before it. Read page by page, so that appending meanwhile is safe. */
export function* storedEvents(database: DatabaseSync, file: string): Generator<JournalEvent> {
  const page = database.prepare(
    'SELECT seq, at, kind, CAST(body AS BLOB) AS body, previous, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  let head: Head = emptyHead;
  for (;;) {
    const rows = page.all(head.seq, pageSize) as unknown as StoredRow[];
    for (const row of rows) {
      const event = readRow(row, head);
      if ('broken' in event) throw journalError('corrupted', file, event.broken);
      head = event;
      yield event;
    }
    if (rows.length < pageSize) return;
  }
}

/** Everything that must hold before the file is used, without writing to it. */
export function checkFile(database: DatabaseSync, file: string): void {
  const version = schemaVersion(database);
  if (Number(database.prepare('PRAGMA application_id').get()?.application_id) !== applicationId || version === 0) {
    throw journalError('corrupted', file, 'It is a SQLite file, but no journal.');
  }
  if (version > migrations.length) {
    throw journalError('newer-schema', file, `It has schema ${version}, this version knows ${migrations.length}.`);
  }
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw journalError('corrupted', file, `${found}.`);
}

/** Walks the whole chain; the head is what the next event builds on. */
export function checkChain(database: DatabaseSync, file: string): Head {
  let head: Head = emptyHead;
  try {
    for (const { seq, hash } of storedEvents(database, file)) head = { seq, hash };
  } catch (error) {
    const known = asJournalError(error, file);
    // A value that JavaScript cannot hold was never written by us.
    throw known instanceof RangeError ? journalError('corrupted', file, known.message, known) : known;
  }
  return head;
}
