import type { DatabaseSync } from 'node:sqlite';
import { pragma } from './file.ts';

export interface Bounds {
  readonly limitBytes: number;
  readonly maxAgeMs: number;
}

/** Below this a SQLite file with two indexes holds next to nothing. */
const leastPages = 64;
/** Deleting starts early enough that a burst still fits. */
const highWater = 0.9;

const pagesWithin = (database: DatabaseSync, { limitBytes }: Bounds): number =>
  Math.max(leastPages, Math.floor(limitBytes / pragma(database, 'page_size')));

/** The file cannot grow beyond its limit even where pruning lags; a larger one that exists is shrunk bit by bit. */
export const capFile = (database: DatabaseSync, bounds: Bounds): void =>
  database.exec(`PRAGMA max_page_count = ${pagesWithin(database, bounds)}`);

/** Deletes a few of the oldest: never enough at once to hold up the loop. */
export function prune(database: DatabaseSync, bounds: Bounds, newest: number, batch: number): void {
  const tooOld = 'SELECT id FROM observations WHERE at < ? ORDER BY at LIMIT ?';
  database.prepare(`DELETE FROM observations WHERE id IN (${tooOld})`).run(newest - bounds.maxAgeMs, batch);
  const pages = pagesWithin(database, bounds);
  const used = pragma(database, 'page_count') - pragma(database, 'freelist_count');
  if (used > pages * highWater) dropOldest(database, batch);
  if (pragma(database, 'page_count') > pages) database.exec('PRAGMA incremental_vacuum(64)');
}

export function dropOldest(database: DatabaseSync, batch: number): void {
  database.prepare('DELETE FROM observations WHERE id IN (SELECT id FROM observations ORDER BY id LIMIT ?)').run(batch);
}
