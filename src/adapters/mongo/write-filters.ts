import { ObjectId } from 'mongodb';

export type Filter = Record<string, unknown>;

export interface WriteFields {
  /** Epoch ms. */
  readonly cutoverAt: number;
  readonly createdField?: string | undefined;
  readonly updatedField?: string | undefined;
}

/** Below this a number can only mean seconds, from it on only milliseconds. */
const SECONDS_END = 100_000_000_000;
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Documents that came after cut-over: by their own field, else by the time inside their ObjectId. */
export function createdSince({ cutoverAt, createdField }: WriteFields): Filter {
  // Its seconds are rounded down: what was created within the second of the cut-over counts as lost.
  const byId = { _id: { $gte: ObjectId.createFromTime(Math.floor(cutoverAt / 1_000)) } };
  if (createdField === undefined) return byId;
  return { $or: [...since(createdField, cutoverAt), { $nor: dated(createdField), ...byId }] };
}

/** Documents that show no time of creation at all. */
export function creationUnknown({ createdField }: WriteFields): Filter {
  return { $nor: [...(createdField === undefined ? [] : dated(createdField)), { _id: { $type: 'objectId' } }] };
}

/** Documents from before cut-over that were changed after it. */
export function updatedSince(fields: WriteFields, updatedField: string): Filter {
  return { $and: [{ $or: since(updatedField, fields.cutoverAt) }, { $nor: [createdSince(fields)] }] };
}

/** Documents that do not show when they were changed last. Those from after cut-over are lost whole, and counted so. */
export function updateUnknown(fields: WriteFields, updatedField: string): Filter {
  return { $nor: [...dated(updatedField), createdSince(fields)] };
}

/** A migration casts types: the same field may hold dates, numbers and texts. MongoDB compares each with its own kind only. */
function since(field: string, ms: number): Filter[] {
  return [
    { [field]: { $gte: new Date(ms) } },
    { [field]: { $gte: Math.max(ms, SECONDS_END) } },
    { [field]: { $gte: Math.floor(ms / 1_000), $lt: SECONDS_END } },
    { [field]: { $gte: new Date(ms).toISOString(), $regex: ISO_INSTANT } },
  ];
}

const dated = (field: string): Filter[] => [
  { [field]: { $type: ['date', 'number'] } },
  { [field]: { $regex: ISO_INSTANT } },
];
