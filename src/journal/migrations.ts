import type { DatabaseSync } from 'node:sqlite';

/**
 * Numbered by position, from 1; `user_version` holds the number of the last one applied.
 * A migration never rewrites an event: its hash covers the stored text.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE events (
     seq INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     body TEXT NOT NULL,
     previous TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
     BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
   CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
     BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
   CREATE TABLE filler (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;`,
];

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/** Applies what is missing, each migration together with its number. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  for (let version = schemaVersion(database) + 1; version <= steps.length; version++) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(`${steps[version - 1]}; PRAGMA user_version = ${version}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
