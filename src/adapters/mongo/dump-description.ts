import { BSON, type Document } from 'mongodb';
import { z } from 'zod';

const document = z.record(z.string(), z.unknown());
const schema = z.looseObject({
  options: document.default({}),
  indexes: z.array(z.looseObject({ name: z.string(), key: document })).default([]),
  collectionName: z.string().optional(),
  type: z.string().optional(),
});

/** What a metadata.json says about its collection. */
export interface DumpDescription {
  readonly collection: string;
  readonly options: Document;
  readonly indexes: readonly Document[];
  readonly type: string | undefined;
}

/** The name stands inside; only dumps of old tools have none there. Throws where the text is no description. */
export function parseDescription(text: string, stem: string): DumpDescription {
  const { collectionName, options, indexes, type } = schema.parse(BSON.EJSON.parse(text, { relaxed: true }));
  return { collection: collectionName ?? unescaped(stem), options, indexes, type };
}

/** As mongodump escapes a name and mongorestore reads it: like a query of a URL, so that a blank is a plus. */
export function unescaped(stem: string): string {
  try {
    return decodeURIComponent(stem.replaceAll('+', ' '));
  } catch {
    return stem;
  }
}
