import type { Document } from 'mongodb';
import type { LeftOnTarget } from '../../model/left-on-target.ts';
import { type ConnectionOptions, openConnection } from './connection.ts';
import type { Lease, LeaseNotes } from './contract.ts';
import type { ItsJournal } from './its-journal.ts';
import { type FoundLease, refusal, unknownToUs } from './lease-refusal.ts';
import { type Asker, granted, noted } from './lease-updates.ts';

export interface LeaseOptions {
  readonly connection: ConnectionOptions;
  /** The small database of its own. */
  readonly database: string;
  /** What is leased: the target's name. */
  readonly target: string;
  /** Who this daemon is, the same after a restart. */
  readonly holder: string;
  readonly journal: ItsJournal;
  /** A cut-over after another daemon's rollback puts that behind us. */
  readonly cutoverAt: number;
}

const COLLECTION = 'leases';
const DUPLICATE_KEY = 11_000;

/** The server's clock alone decides whether a lease has expired: the daemons' clocks may differ. */
export function createLease(options: LeaseOptions): Lease & LeaseNotes & AsyncDisposable {
  const { connection: where, database, target, holder, journal, cutoverAt } = options;
  const connection = openConnection(where);
  const writeConcern = { w: 'majority' } as const;

  const read = (signal: AbortSignal): Promise<FoundLease | null> =>
    connection.ask(signal, (client, { signal: either, maxTimeMS }) =>
      client
        .db(database)
        .collection<FoundLease & { _id: string }>(COLLECTION)
        .findOne({ _id: target }, { signal: either, maxTimeMS, readConcern: 'majority' }),
    );

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

  /** As whom we ask, by what stands there now. */
  const asker = async (signal: AbortSignal): Promise<Asker> => {
    const found = await read(signal);
    return { holder, cutoverAt, mark: journal.head(), ...knownOf(options, found) };
  };

  /** Once more where it is our own note that was in the way: we may have written it since it was read. */
  const ask = async (updateFor: (asker: Asker) => Document[], signal: AbortSignal): Promise<FoundLease | null> => {
    const first = await writeOnce(updateFor(await asker(signal)), signal);
    if (first?.granted === true || first?.left?.holder !== holder) return first;
    return writeOnce(updateFor(await asker(signal)), signal);
  };

  return {
    async acquire(ttlMs, signal, { takeOver = false, epoch } = {}) {
      const found = await ask((me) => granted(me, { ttlMs, takeOver, epoch }), signal);
      if (found?.granted !== true) throw refusal({ target, me: holder, epoch }, found);
      return { heldBy: holder, mine: true, epoch: found.epoch ?? 1 };
    },
    async note(left: LeftOnTarget | undefined, signal) {
      const me = await asker(signal);
      await writeOnce(noted(me, left), signal);
    },
    async unknown(signal) {
      const found = await read(signal);
      const { known, isBehind } = knownOf(options, found);
      const isStrange = isBehind || (found?.left?.holder === holder && !known);
      return isStrange ? unknownToUs(target, found) : undefined;
    },
    /** The document stays: whoever held it before must see that somebody else has since. */
    async release(signal) {
      const updates = [{ q: { _id: target, holder }, u: [{ $set: { expiresAt: '$$NOW' } }] }];
      await connection.ask(signal, (client, limits) =>
        client.db(database).command({ update: COLLECTION, updates, writeConcern }, { signal: limits.signal }),
      );
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** By how far the journal had come when this was written; by the run where somebody else, or an older version, wrote last. */
function knownOf({ holder, journal }: LeaseOptions, found: FoundLease | null): Pick<Asker, 'known' | 'isBehind'> {
  const { left, journal: mark } = found ?? {};
  const isMine = mark?.holder === holder;
  const isBehind = isMine && !journal.holds(mark);
  const isKnown = left?.holder === holder && (isMine ? !isBehind : journal.knowsRun(left.run));
  return { known: isKnown ? left : undefined, isBehind };
}

function isDuplicate(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (cause as { code?: unknown } | undefined)?.code === DUPLICATE_KEY;
}
