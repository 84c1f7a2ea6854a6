import type { Document } from 'mongodb';
import type { LeftOnTarget } from '../../model/left-on-target.ts';
import type { LeaseOptions } from './lease.ts';

type Asker = Pick<LeaseOptions, 'holder' | 'cutoverAt'>;

/** Names of daemons are data, whatever they look like. */
const literal = (text: string): Document => ({ $literal: text });

/** One atomic update: the lease becomes ours where it is free and nothing of another daemon stands in the way, and stays as it is where not. */
export function granted(asker: Asker, { ttlMs, takeOver }: { ttlMs: number; takeOver: boolean }): Document[] {
  const me = literal(asker.holder);
  const expired = { $lte: [{ $ifNull: ['$expiresAt', '$$NOW'] }, '$$NOW'] };
  const free = { $or: [{ $eq: ['$holder', me] }, expired] };
  const ours = { $and: [free, takeOver ? true : mayAct(asker)] };
  const takenOver = { $cond: [nothingLeft, '$$REMOVE', { $mergeObjects: ['$left', { holder: me }] }] };
  return [
    {
      $set: {
        granted: ours,
        expired,
        holder: { $cond: [ours, me, { $ifNull: ['$holder', '$$REMOVE'] }] },
        expiresAt: { $cond: [ours, { $add: ['$$NOW', ttlMs] }, { $ifNull: ['$expiresAt', '$$REMOVE'] }] },
        left: takeOver ? { $cond: [ours, takenOver, kept] } : kept,
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
  return [{ $set: { left: { $cond: [mayAct(asker), ours ?? '$$REMOVE', kept] } } }];
}

const nothingLeft: Document = { $eq: [{ $type: '$left' }, 'missing'] };
const kept: Document = { $ifNull: ['$left', '$$REMOVE'] };

/** As `isSuperseded` has it, by the server's clock. */
function mayAct({ holder, cutoverAt }: Asker): Document {
  const cutover = new Date(cutoverAt);
  const earlierMigration = {
    $and: [
      { $eq: ['$left.state', 'rolled-back'] },
      { $lt: ['$left.since', cutover] },
      { $lte: [cutover, '$$NOW'] },
      { $ne: ['$left.cutoverAt', cutover] },
    ],
  };
  return { $or: [nothingLeft, { $eq: ['$left.holder', literal(holder)] }, earlierMigration] };
}
