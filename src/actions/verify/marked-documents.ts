import { homeDatabases, isLegacy } from '../../adapters/mongo/legacy-homes.ts';
import type { StepContext } from '../contract.ts';
import type { TestDocument } from './test-documents.ts';

export interface MarkedDocument {
  readonly collection: string;
  /** As the application would say it. */
  readonly id: string;
}

/** The documents in the tenant's own database, and in those that it shares, that have exactly the marked text where it was sent to. */
export async function findCreated(context: StepContext, document: TestDocument): Promise<MarkedDocument[]> {
  const { creates } = context.world.settings.probes.legacy;
  if (!creates) return [];
  return await findEach(context, document, { [creates.markIn]: markedText(creates, document) });
}

/** Whatever mentions the mark in some field: an application may store a text otherwise than it was sent. */
export const findMentions = (context: StepContext, document: TestDocument): Promise<MarkedDocument[]> =>
  findEach(context, document, mentioning(document.mark));

/** The text that the created document carries. */
export const markedText = (
  { body, markIn }: { readonly body: Readonly<Record<string, unknown>>; readonly markIn: string },
  { mark }: Pick<TestDocument, 'mark'>,
): string => `${body[markIn]} ${mark}`;

const fields = { $objectToArray: '$$ROOT' };
const isText = { $eq: [{ $type: '$$field.v' }, 'string'] };

export const mentioning = (mark: string): Record<string, unknown> => {
  const holdsMark = { $gte: [{ $indexOfCP: [{ $toLower: '$$field.v' }, mark] }, 0] };
  const each = { $cond: [isText, holdsMark, false] };
  return { $expr: { $anyElementTrue: [{ $map: { input: fields, as: 'field', in: each } }] } };
};

async function findEach(
  { world, signal }: StepContext,
  { tenant }: TestDocument,
  filter: Record<string, unknown>,
): Promise<MarkedDocument[]> {
  const { mongo, probes } = world.settings;
  // The answer may wrap what the database holds: `data._id` is `_id` there.
  const idField = probes.legacy.creates?.idField.split('.').at(-1) ?? '_id';
  const options = { fields: [...new Set(['_id', idField])], limit: 3 };
  const found: MarkedDocument[] = [];
  for (const { name: database } of homeDatabases(mongo, tenant)) {
    const names = await world.legacy.collectionNames(database, signal);
    for (const collection of names.filter((each) => isLegacy(mongo, database, each))) {
      const documents = await world.legacy.find({ database, collection }, filter, options, signal);
      found.push(...documents.map((each) => ({ collection, id: String(each[idField] ?? each._id) })));
    }
  }
  return found;
}
