import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { explain, RollbackdError } from '../core/errors.ts';
import { type Observation, observation } from '../model/observation.ts';
import { pragma, schemaVersion } from './file.ts';

export interface Stretch {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * What a recorder has written, in the order in which it came; the file may be in use, or a copy. Nothing is written, not
 * even beside it. Errors: RollbackdError with reason `recorder`.
 */
export function* readRecorded(
  file: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: Stretch,
  onUnusable: (row: number, why: string) => void,
): Generator<Observation> {
  using database = open(file);
  const rows = database.prepare('SELECT id, body FROM observations WHERE at BETWEEN ? AND ? ORDER BY id');
  for (const { id, body } of rows.iterate(from, to)) {
    const read = observation.safeParse(jsonOf(String(body)));
    if (read.success) yield read.data;
    else onUnusable(Number(id), 'it is no observation as this version knows them');
  }
}

function open(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(whereToRead(file), { readOnly: true, timeout: 5_000 });
    const version = pragma(database, 'user_version');
    if (version === schemaVersion) return database;
    database.close();
    throw new Error(`it has schema ${version}, this version knows ${schemaVersion}`);
  } catch (cause) {
    throw new RollbackdError('recorder', `${file} cannot be read as what the probes saw: ${explain(cause)}`, {
      remedy: 'name the observations.db of a state folder, or a copy of it',
      cause,
    });
  }
}

/** Without a write-ahead log nobody is writing: then SQLite need not even put its shared memory beside the file. */
function whereToRead(file: string): string | URL {
  if (statSync(`${file}-wal`, { throwIfNoEntry: false })) return file;
  const url = pathToFileURL(file);
  url.search = 'immutable=1';
  return url;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
