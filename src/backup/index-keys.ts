import { BSON, type Document } from 'mongodb';

/** What a document is to an index of some fields: two documents with one key in common are doubles of a unique one. */
export type IndexKeys = { readonly keys: readonly string[] } | { readonly untold: string };

/**
 * Missing fields count as null, numbers by their value whatever their type, and each element of a list for itself. Of values that
 * MongoDB compares by rules of their own, and of several lists at once, nothing is said.
 */
export function indexKeys(document: Document, fields: readonly string[]): IndexKeys {
  const [, secondList] = fields.filter((field) => leadsToList(document, field.split('.')));
  if (secondList !== undefined) return { untold: secondList };
  let keys: string[][] = [[]];
  for (const field of fields) {
    const values = valuesAt(document, field.split('.'));
    if (!values.every((value) => value !== undefined)) return { untold: field };
    keys = keys.flatMap((key) => values.map((value) => [...key, value]));
  }
  return { keys: keys.map((key) => JSON.stringify(key)) };
}

function leadsToList(value: unknown, [field, ...within]: readonly string[]): boolean {
  if (Array.isArray(value) || field === undefined) return Array.isArray(value);
  return isPlain(value) && leadsToList(value[field], within);
}

type Comparable = string | undefined;

function valuesAt(value: unknown, [field, ...within]: readonly string[]): Comparable[] {
  if (field === undefined)
    return Array.isArray(value) ? distinct(value.map(comparable), 'nothing') : [comparable(value)];
  if (value instanceof BSON.DBRef) return [undefined];
  if (Array.isArray(value)) {
    // `0.b` may mean the first element, or a field of each.
    if (/^\d+$/.test(field) || value.some(Array.isArray)) return [undefined];
    return distinct(
      value.flatMap((element) => valuesAt(element, [field, ...within])),
      'null',
    );
  }
  return valuesAt(isPlain(value) && Object.hasOwn(value, field) ? value[field] : null, within);
}

const distinct = (values: readonly Comparable[], ofEmpty: string): Comparable[] =>
  values.length === 0 ? [ofEmpty] : [...new Set(values)];

const isPlain = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Undefined where two values may be the same to MongoDB without looking so, or the other way round. */
function comparable(value: unknown): Comparable {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `"${value}`;
  if (typeof value === 'number') return `number ${Number.isInteger(value) ? BigInt(value) : value}`;
  if (value instanceof BSON.Long) return `number ${value}`;
  if (value instanceof BSON.ObjectId) return `id ${value.toHexString()}`;
  if (value instanceof BSON.Binary) return `binary ${value.sub_type} ${value.toString('hex')}`;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return `date ${value.getTime()}`;
  return undefined;
}
