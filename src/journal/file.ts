import { chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asJournalError, journalError } from './fault.ts';
import { migrate } from './migrations.ts';
import { applicationId, checkChain, checkFile } from './stored-events.ts';

// The files themselves are never opened with node:fs once SQLite has them: closing such a descriptor drops SQLite's lock.

export type Connect = (file: string) => DatabaseSync;

/** A connection that holds the file alone, from now until it is closed. */
export function connectAlone(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The folder and an empty journal in it, where there is none. It appears complete or not at all. */
export function ensureFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!look(file)) createFile(file);
  } catch (error) {
    throw asJournalError(error, file);
  }
  const found = look(file);
  if (!found?.isFile()) throw journalError('not-writable', file, 'It is no regular file.');
  if (found.size === 0) throw journalError('corrupted', file, 'It is empty.');
}

function createFile(file: string): void {
  const draft = `${file}.${process.pid}.new`;
  rmSync(draft, { force: true });
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    using database = new DatabaseSync(draft);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA application_id = ${applicationId}`);
    migrate(database);
    database.close();
    linkUnlessThere(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(file));
}

/** Unlike a rename, a link never replaces what another process created meanwhile. */
function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * A crash leaves a write-ahead log, and closing any writing connection merges it into the file.
 * So after a crash the file is first checked by a connection that cannot write: a damaged one stays as it was.
 */
export function checkAfterCrash(file: string): void {
  if (!look(`${file}-wal`)?.size) return;
  try {
    using database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    checkFile(database, file);
    checkChain(database, file);
  } catch (error) {
    throw asJournalError(error, file);
  }
}

/** Tells this very file from another one under its name, or from none. */
export function identityOf(file: string): string | undefined {
  const found = look(file);
  return found && `${found.dev}:${found.ino}`;
}

/** Once the file is ours alone: the read-only look leaves shared memory behind, and a copy may have come with any mode. */
export function tidyFile(file: string): void {
  rmSync(`${file}-shm`, { force: true });
  for (const each of [file, `${file}-wal`, `${file}.mark`]) if (look(each)) chmodSync(each, 0o600);
}

const look = (file: string) => statSync(file, { throwIfNoEntry: false });
