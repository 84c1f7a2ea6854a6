import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;
const DATABASE_IS_LOCKED = 5;

/** One fetch at a time in one cache. The lock is the kernel's: it is free again however its holder ended. */
export async function withCacheLock<Result>(cache: string, work: () => Promise<Result>): Promise<Result> {
  const database = new DatabaseSync(join(cache, 'fetch.lock'), { timeout: 0 });
  try {
    while (!tryLock(database)) await pause(POLL_MS);
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === DATABASE_IS_LOCKED) return false;
    throw error;
  }
}
