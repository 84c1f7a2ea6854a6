import type { Document } from 'mongodb';
import type { JournalMark } from '../../model/journal-mark.ts';
import type { LeftOnTarget } from '../../model/left-on-target.ts';
import type { FoundLeft } from './lease-refusal.ts';

export interface Asker {
  readonly holder: string;
  readonly cutoverAt: number;
  /** How far its journal has come. */
  readonly mark: JournalMark;
  /** What stands there under its name, as read just before, where its journal knows of it. */
  readonly known: FoundLeft | undefined;
  /** Something was done here under its name that its journal does not know. */
  readonly isBehind: boolean;
}

export interface Wanted {
  readonly ttlMs: number;
  readonly takeOver: boolean;
  /** Only where nobody else has had it since it was this one. */
  readonly epoch: number | undefined;
}

/** Names of daemons are data, whatever they look like. */
const literal = (text: string): Document => ({ $literal: text });
const orNothing = (field: string): Document => ({ $ifNull: [field, '$$REMOVE'] });

/** One atomic update: the lease becomes ours where it is free and nothing of another daemon stands in the way, and stays as it is where not. */
export function granted(asker: Asker, { ttlMs, takeOver, epoch }: Wanted): Document[] {
  const me = literal(asker.holder);
  const isMine = { $eq: ['$holder', me] };
  const expired = { $lte: [{ $ifNull: ['$expiresAt', '$$NOW'] }, '$$NOW'] };
  const sameEpoch = epoch === undefined ? true : { $eq: ['$epoch', epoch] };
  const ours = { $and: [{ $or: [isMine, expired] }, takeOver ? true : mayAct(asker), sameEpoch] };
  const stays = { $and: [isMine, !takeOver] };
  const count = { $ifNull: ['$epoch', 0] };
  const nextEpoch = { $cond: [stays, { $max: [count, 1] }, { $add: [count, 1] }] };
  return [
    {
      $set: {
        granted: ours,
        expired,
        holder: { $cond: [ours, me, orNothing('$holder')] },
        epoch: { $cond: [ours, nextEpoch, orNothing('$epoch')] },
        expiresAt: { $cond: [ours, { $add: ['$$NOW', ttlMs] }, orNothing('$expiresAt')] },
        left: takeOver
          ? { $cond: [{ $and: [ours, somethingLeft] }, { $mergeObjects: ['$left', { holder: me }] }, kept] }
          : kept,
        journal: { $cond: [ours, markOf(asker), orNothing('$journal')] },
      },
    },
  ];
}

/** What we leave is written over nothing and over our own; what another daemon left stays, unless it is of an earlier migration. */
export function noted(asker: Asker, left: LeftOnTarget | undefined): Document[] {
  const { cutoverAt } = left ?? {};
  const ours = left && {
    run: literal(left.run),
    state: left.state,
    holder: literal(asker.holder),
    since: new Date(left.since),
    ...(cutoverAt !== undefined && { cutoverAt: new Date(cutoverAt) }),
  };
  const may = mayAct(asker);
  return [
    {
      $set: {
        left: { $cond: [may, ours ?? '$$REMOVE', kept] },
        journal: { $cond: [may, markOf(asker), orNothing('$journal')] },
      },
    },
  ];
}

const nothingLeft: Document = { $eq: [{ $type: '$left' }, 'missing'] };
const somethingLeft: Document = { $ne: [{ $type: '$left' }, 'missing'] };
const kept: Document = orNothing('$left');

/** An older copy of the journal does not know what was done since. */
const markOf = ({ holder, mark }: Asker): Document => ({
  holder: literal(holder),
  seq: mark.seq,
  hash: literal(mark.hash),
});

const isKnown = ({ holder, known }: Asker): Document | false =>
  known !== undefined && {
    $and: [{ $eq: ['$left.holder', literal(holder)] }, { $eq: ['$left.run', literal(known.run)] }],
  };

/** As `isSuperseded` has it, by the server's clock. */
function mayAct(asker: Asker): Document {
  const cutover = new Date(asker.cutoverAt);
  const earlierMigration = {
    $and: [
      { $eq: ['$left.state', 'rolled-back'] },
      { $lt: ['$left.since', cutover] },
      { $lte: [cutover, '$$NOW'] },
      { $ne: ['$left.cutoverAt', cutover] },
    ],
  };
  return { $and: [!asker.isBehind, { $or: [nothingLeft, isKnown(asker), earlierMigration] }] };
}
