import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export const schemaVersion = 1;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

const schema = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  BEGIN;
  CREATE TABLE observations (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, probe TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX observations_by_time ON observations (at);
  CREATE INDEX observations_by_probe ON observations (probe);
  PRAGMA user_version = ${schemaVersion};
  COMMIT`;

/**
 * Losing observations costs a window its memory and nothing else, so here, unlike in the journal,
 * a file that cannot be read is moved aside and a new one begun.
 */
export function connectRecorder(file: string): DatabaseSync {
  try {
    return connect(file);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    moveAside(file);
    return connect(file);
  }
}

export const isDamaged = (error: unknown): boolean =>
  error instanceof UnknownSchema || failedAs(error, corrupt) || failedAs(error, notADatabase);

export const isFull = (error: unknown): boolean => failedAs(error, full);

/** The low byte is the kind of failure; the rest says where in SQLite it was met. */
const failedAs = (error: unknown, code: number): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === code;

class UnknownSchema extends Error {}

function connect(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!statSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, 'wx', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync): void {
  const version = pragma(database, 'user_version');
  if (version === 0 && pragma(database, 'page_count') === 0) database.exec(schema);
  else if (version !== schemaVersion) throw new UnknownSchema();
  // A power cut may cost the last seconds; the file stays sound.
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 1048576');
}

export function moveAside(file: string): void {
  for (const part of ['', '-wal']) {
    rmSync(`${file}.damaged${part}`, { force: true });
    if (statSync(`${file}${part}`, { throwIfNoEntry: false })) renameSync(`${file}${part}`, `${file}.damaged${part}`);
  }
  rmSync(`${file}-shm`, { force: true });
}

type NumericPragma = 'user_version' | 'page_count' | 'page_size' | 'freelist_count';

export const pragma = (database: DatabaseSync, name: NumericPragma): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
