import { RollbackdError } from '../../core/errors.ts';
import { type ConnectionOptions, openConnection } from './connection.ts';
import type { Lease } from './contract.ts';

export interface LeaseOptions {
  readonly connection: ConnectionOptions;
  /** The small database of its own. */
  readonly database: string;
  /** What is leased: the target's name. */
  readonly target: string;
  /** Who this daemon is, the same after a restart. */
  readonly holder: string;
}

const COLLECTION = 'leases';
const DUPLICATE_KEY = 11_000;

/** The server's clock alone decides whether a lease has expired: the daemons' clocks may differ. */
export function createLease({ connection: where, database, target, holder }: LeaseOptions): Lease & AsyncDisposable {
  const connection = openConnection(where);
  const writeConcern = { w: 'majority' } as const;

  /** One atomic write: the lease becomes ours where it is free, and stays as it is where it is not. */
  const tryToTake = (ttlMs: number, signal: AbortSignal): Promise<{ holder: string; expiresAt: Date }> =>
    connection.ask(signal, async (client, limits) => {
      const { signal: either, maxTimeMS } = limits;
      const answer = await client.db(database).command(
        {
          findAndModify: COLLECTION,
          query: { _id: target },
          update: [{ $set: taken(holder, ttlMs) }],
          upsert: true,
          new: true,
          maxTimeMS,
          writeConcern,
        },
        { signal: either },
      );
      return answer.value;
    });

  return {
    async acquire(ttlMs, signal) {
      // Two first ones at once: the loser's insert fails, and its second try sees the winner.
      const found = await tryToTake(ttlMs, signal).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
        return tryToTake(ttlMs, signal);
      });
      if (found.holder !== holder) throw held(target, found);
      return { heldBy: holder, mine: true };
    },
    async release(signal) {
      const deletes = [{ q: { _id: target, holder }, limit: 1 }];
      await connection.ask(signal, (client, limits) =>
        client.db(database).command({ delete: COLLECTION, deletes, writeConcern }, { signal: limits.signal }),
      );
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function taken(holder: string, ttlMs: number) {
  const me = { $literal: holder };
  const free = { $or: [{ $eq: ['$holder', me] }, { $lte: [{ $ifNull: ['$expiresAt', '$$NOW'] }, '$$NOW'] }] };
  return {
    holder: { $cond: [free, me, '$holder'] },
    expiresAt: { $cond: [free, { $add: ['$$NOW', ttlMs] }, '$expiresAt'] },
  };
}

function isDuplicate(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (cause as { code?: unknown } | undefined)?.code === DUPLICATE_KEY;
}

function held(
  target: string,
  { holder, expiresAt }: { holder: string; expiresAt: Date },
): RollbackdError<'lease-held'> {
  return new RollbackdError(
    'lease-held',
    `another daemon may act on ${target}: ${holder}, until ${expiresAt.toISOString()}`,
    { remedy: 'let that daemon act, or stop it and wait until its lease has expired' },
  );
}
