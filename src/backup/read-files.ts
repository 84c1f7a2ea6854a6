import { stat } from 'node:fs/promises';
import type { DumpFile } from '../adapters/mongo/dump-files.ts';
import { type FileTotals, scanFile } from './scan-file.ts';

/** `whole`: every byte is read now. `changed`: a file that looks as it did when it was read last is not read again. */
export type Reading = 'whole' | 'changed';

/** Totals of a file, read or remembered. */
export type ReadFile = (file: DumpFile, signal: AbortSignal) => Promise<FileTotals>;

/** A change within so short a time of another may leave the times of a file as they were. */
const settledAfter = 2_000;

interface Remembered {
  readonly looks: string;
  readonly totals: FileTotals;
}

/**
 * A backup of hundreds of gigabytes takes hours to read, and a plan is made again and again. What was read stays known even where
 * the reading as a whole was cut off. Inode, size and both times tell a changed file; before anything is done it is read whole.
 */
export function rememberFiles(now: () => number, read: ReadFile = scanFile): (reading: Reading) => ReadFile {
  const known = new Map<string, Remembered>();
  return (reading) => async (file, signal) => {
    const before = await lookAt(file);
    const remembered = known.get(file.path);
    if (reading === 'changed' && remembered?.looks === before.looks) return remembered.totals;
    known.delete(file.path);
    const totals = await read(file, signal);
    const { looks, changedAt } = await lookAt(file);
    if (looks === before.looks && now() - changedAt > settledAfter) known.set(file.path, { looks, totals });
    return totals;
  };
}

async function lookAt({ path }: DumpFile): Promise<{ looks: string; changedAt: number }> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return { looks: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changedAt: Number(ctimeNs / 1_000_000n) };
}
