import { RollbackdError } from '../../core/errors.ts';
import type { MongoReader, WritesSince } from './contract.ts';
import { idValues } from './document-id.ts';
import {
  createdSince,
  creationUnknown,
  type Filter,
  updatedSince,
  updateUnknown,
  type WriteFields,
} from './write-filters.ts';

export type WritesReader = Pick<MongoReader, 'collectionNames' | 'count' | 'find'>;

export interface WritesQuestion extends WriteFields {
  /** The unified database. */
  readonly database: string;
  readonly tenantField: string;
  readonly tenants: readonly { readonly slug: string; readonly tenantId?: string | undefined }[];
  readonly ignoredCollections: readonly string[];
}

/** Questions about one collection. */
interface Looking {
  readonly collection: string;
  readonly question: WritesQuestion;
  any(filter: Filter): Promise<boolean>;
  count(filter: Filter): Promise<number>;
}

/** Either the documents that were written, or why they cannot be told from the others. */
type Answer = { readonly filter: Filter; readonly count: number } | { readonly reason: string };

/**
 * What a rollback would lose. Counts err upwards; where a collection shows nothing to count by, the number is undefined.
 * Deletes leave no trace in the data: they never have a number.
 */
export async function countWritesSince(
  reader: WritesReader,
  question: WritesQuestion,
  signal: AbortSignal,
): Promise<WritesSince> {
  const names = await reader.collectionNames(question.database, signal);
  const counted = names.filter((name) => !question.ignoredCollections.includes(name));
  const inserts: Answer[] = [];
  const updates: Answer[] = [];
  const perTenant: Record<string, number> = {};
  for (const collection of counted) {
    const looking = lookInto(reader, question, collection, signal);
    inserts.push(await countOrReason(() => countInserts(looking), collection));
    updates.push(await countOrReason(() => countUpdates(looking), collection));
    for (const answer of [inserts.at(-1), updates.at(-1)]) await addPerTenant(looking, answer, perTenant);
  }
  return {
    inserts: sum(inserts),
    updates: sum(updates),
    deletes: undefined,
    perTenant,
    uncountable: [
      ...reasons('inserts', inserts),
      ...reasons('updates', updates),
      'deletes: they leave nothing to count',
    ],
  };
}

function lookInto(reader: WritesReader, question: WritesQuestion, collection: string, signal: AbortSignal): Looking {
  const namespace = { database: question.database, collection };
  return {
    collection,
    question,
    any: async (filter) => (await reader.find(namespace, filter, { fields: ['_id'], limit: 1 }, signal)).length > 0,
    count: (filter) => reader.count(namespace, filter, signal),
  };
}

async function countInserts({ collection, question, any, count }: Looking): Promise<Answer> {
  if (await any(creationUnknown(question))) return { reason: `${collection} has documents without a time of creation` };
  const filter = createdSince(question);
  return { filter, count: await count(filter) };
}

async function countUpdates({ collection, question, any, count }: Looking): Promise<Answer> {
  const { updatedField } = question;
  if (updatedField === undefined) return { reason: 'no field with the time of the last update is configured' };
  if (await any(updateUnknown(question, updatedField))) {
    return { reason: `${collection} has documents without a time of their last update (${updatedField})` };
  }
  const filter = updatedSince(question, updatedField);
  return { filter, count: await count(filter) };
}

/** A count that the server refuses or gives up is a number that nobody knows; a server that is gone is an error. */
async function countOrReason(count: () => Promise<Answer>, collection: string): Promise<Answer> {
  try {
    return await count();
  } catch (error) {
    if (!(error instanceof RollbackdError) || error.reason !== 'operation-failed') throw error;
    return { reason: `${collection} could not be counted: ${error.message}` };
  }
}

async function addPerTenant(looking: Looking, answer: Answer | undefined, perTenant: Record<string, number>) {
  if (!answer || 'reason' in answer || answer.count === 0) return;
  const { tenantField, tenants } = looking.question;
  for (const { slug, tenantId } of tenants) {
    if (tenantId === undefined) continue;
    const filter = { $and: [{ [tenantField]: { $in: idValues(tenantId) } }, answer.filter] };
    perTenant[slug] = (perTenant[slug] ?? 0) + (await looking.count(filter));
  }
}

function sum(answers: readonly Answer[]): number | undefined {
  return answers.reduce<number | undefined>(
    (total, answer) => ('reason' in answer || total === undefined ? undefined : total + answer.count),
    0,
  );
}

function reasons(kind: string, answers: readonly Answer[]): string[] {
  const found = answers.flatMap((answer) => ('reason' in answer ? [answer.reason] : []));
  return [...new Set(found)].map((reason) => `${kind}: ${reason}`);
}
