import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials, SandboxUsers } from '../servers/users.ts';

/** What cannot be read off a prepared café, or must be changed in a copy of it. */
export interface PreparedRecord {
  readonly root: Credentials;
  readonly users: SandboxUsers;
  /** Its access log names it. */
  readonly appPort: number;
  readonly cutoverAt: string;
  readonly legacyCommit: string;
  readonly unifiedCommit: string;
}

/** A café right after its migration with nothing running: to be copied, never used itself. */
export interface PreparedCafe extends PreparedFiles {
  readonly record: PreparedRecord;
}

interface PreparedFiles {
  readonly data: string;
  readonly repository: string;
  readonly backup: string;
  readonly accessLog: string;
}

export function preparedFiles(folder: string): PreparedFiles {
  return {
    data: join(folder, 'data'),
    repository: join(folder, 'repository'),
    backup: join(folder, 'backup'),
    accessLog: join(folder, 'access.log'),
  };
}

const recordFile = (folder: string): string => join(folder, 'record.json');

export async function writeRecord(folder: string, record: PreparedRecord): Promise<void> {
  await writeFile(recordFile(folder), JSON.stringify(record), { mode: 0o600 });
}

export async function readPrepared(folder: string): Promise<PreparedCafe> {
  const record = JSON.parse(await readFile(recordFile(folder), 'utf8')) as PreparedRecord;
  return { ...preparedFiles(folder), record };
}
