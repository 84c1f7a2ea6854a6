import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { RollbackdError } from '../core/errors.ts';

type HostLockFault = 'held' | 'unusable';

/** While it is held, no other daemon on this host acts on the target; the kernel frees it however we end. */
export interface HostLock extends Disposable {
  readonly file: string;
}

export interface HostLockOptions {
  /** The same for every daemon on this host. */
  readonly folder: string;
  readonly target: string;
}

const holder = z.object({ pid: z.number().int(), since: z.string() });

/** Refused at once where another process holds it. Errors: RollbackdError<HostLockFault>. */
export function takeHostLock({ folder, target }: HostLockOptions): HostLock {
  const file = join(folder, `${encodeURIComponent(target)}.lock`);
  // Beside the lock and not in it: closing a file that SQLite has locked drops the lock.
  const note = `${file}.holder`;
  const database = lockFile(folder, file, note);
  leaveNote(note);
  return {
    file,
    [Symbol.dispose]: () => {
      if (!database.isOpen) return;
      rmSync(note, { force: true });
      database.close();
    },
  };
}

function lockFile(folder: string, file: string, note: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    throw isBusy(error) ? heldBy(note, file) : unusable(file, error);
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;

function heldBy(note: string, file: string): RollbackdError<HostLockFault> {
  const known = readNote(note);
  const who = known ? `process ${known.pid}, since ${known.since}` : 'a process that left no name';
  return new RollbackdError('held', `Another daemon on this host guards the same target: ${who} (${file}).`, {
    remedy: 'stop that daemon first; one target has one daemon.',
  });
}

const unusable = (file: string, cause: unknown): RollbackdError<HostLockFault> =>
  new RollbackdError(
    'unusable',
    `The host lock ${file} cannot be taken: ${cause instanceof Error ? cause.message : cause}.`,
    {
      remedy:
        'let the user of the daemon write to its folder, or name another one that all daemons on this host share.',
      cause,
    },
  );

/** For people only: the lock holds without it. */
function leaveNote(note: string): void {
  try {
    writeFileSync(note, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }), { mode: 0o644 });
  } catch {
    // The one who is refused then reads that the holder left no name.
  }
}

function readNote(note: string): z.infer<typeof holder> | undefined {
  try {
    return holder.parse(JSON.parse(readFileSync(note, 'utf8')));
  } catch {
    return undefined;
  }
}
