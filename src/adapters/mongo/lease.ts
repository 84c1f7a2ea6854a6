import type { Document } from 'mongodb';
import type { RollbackdError } from '../../core/errors.ts';
import type { LeftOnTarget } from '../../model/left-on-target.ts';
import { type ConnectionOptions, openConnection } from './connection.ts';
import type { Lease, LeaseNotes } from './contract.ts';
import { type FoundLease, heldByAnother, leftByAnother } from './lease-refusal.ts';
import { granted, noted } from './lease-updates.ts';

export interface LeaseOptions {
  readonly connection: ConnectionOptions;
  /** The small database of its own. */
  readonly database: string;
  /** What is leased: the target's name. */
  readonly target: string;
  /** Who this daemon is, the same after a restart. */
  readonly holder: string;
  /** A cut-over after another daemon's rollback puts that behind us. */
  readonly cutoverAt: number;
}

const COLLECTION = 'leases';
const DUPLICATE_KEY = 11_000;

/** The server's clock alone decides whether a lease has expired: the daemons' clocks may differ. */
export function createLease(options: LeaseOptions): Lease & LeaseNotes & AsyncDisposable {
  const { connection: where, database, target, holder } = options;
  const connection = openConnection(where);
  const writeConcern = { w: 'majority' } as const;

  const write = (update: Document[], signal: AbortSignal): Promise<FoundLease | null> =>
    connection.ask(signal, async (client, { signal: either, maxTimeMS }) => {
      const query = { _id: target };
      const command = { findAndModify: COLLECTION, query, update, upsert: true, new: true, maxTimeMS, writeConcern };
      return (await client.db(database).command(command, { signal: either })).value;
    });

  // Two first ones at once: the loser's insert fails, and its second try sees the winner.
  const writeOnce = (update: Document[], signal: AbortSignal) =>
    write(update, signal).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
      return write(update, signal);
    });

  return {
    async acquire(ttlMs, signal, { takeOver = false } = {}) {
      const found = await writeOnce(granted(options, { ttlMs, takeOver }), signal);
      if (found?.granted !== true) throw refusal(target, holder, found);
      return { heldBy: holder, mine: true };
    },
    async note(left: LeftOnTarget | undefined, signal) {
      await writeOnce(noted(options, left), signal);
    },
    async release(signal) {
      const ours = { _id: target, holder };
      const updates = [{ q: ours, u: [{ $set: { expiresAt: '$$NOW' } }] }];
      await connection.ask(signal, (client, limits) =>
        client.db(database).command({ update: COLLECTION, updates, writeConcern }, { signal: limits.signal }),
      );
      const deletes = [{ q: { ...ours, left: { $exists: false } }, limit: 1 }];
      await connection.ask(signal, (client, limits) =>
        client.db(database).command({ delete: COLLECTION, deletes, writeConcern }, { signal: limits.signal }),
      );
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** Whoever holds it right now is named first; then what stands there without being held. */
function refusal(target: string, me: string, found: FoundLease | null): RollbackdError<'lease-held'> {
  const left = found?.left;
  return found?.holder !== undefined && found.holder !== me && !(left && found.expired)
    ? heldByAnother(target, found.holder, found.expiresAt)
    : leftByAnother(target, left);
}

function isDuplicate(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (cause as { code?: unknown } | undefined)?.code === DUPLICATE_KEY;
}
