import { readPath } from '../json-path.ts';
import type { RouteConfig } from '../schema.ts';
import { objectsOf, saysNothing, scalarsOf } from './walk-body.ts';

type Shape = Pick<RouteConfig, 'documents' | 'idField' | 'storedIdField'>;

/** What an answer has handed out; a text where that cannot be read, which is neither a leak nor a pass. */
export type Held = { readonly documents: number; readonly ids: readonly string[] } | string;

const nothing = { documents: 0, ids: [] };
const notAsConfigured = (what: string) => `answers, but not in the configured shape (${what})`;

/** Documents at the configured place. Only a list that is there, and empty, says that there are none. */
export function readList(body: unknown, { documents, idField }: Shape): Held {
  const found = readPath(body, documents);
  if (found.length === 0) return isEmptyList(body, documents) ? nothing : notAsConfigured(`nothing at ${documents}`);
  const ids = found.flatMap((document) => idsAt(document, idField));
  return ids.length > 0 ? { documents: found.length, ids } : notAsConfigured(`no document has a field ${idField}`);
}

function isEmptyList(body: unknown, documents: string): boolean {
  const places = ['$', ...[...documents.matchAll(/\[\*\]/g)].map(({ index }) => documents.slice(0, index))];
  return places.some((place) => {
    const lists = readPath(body, place);
    return lists.length > 0 && lists.every((list) => Array.isArray(list) && list.length === 0);
  });
}

/**
 * The answer to a question for one document of somebody else. The asked id is looked for everywhere: an application
 * that hands it out under another name hands it out. Else only documents with ids, or an explicit nothing, are readable.
 */
export function readOne(body: unknown, asked: string, route: Shape): Held {
  const isNamed = holdsId(body, asked, route);
  if (saysNoSuccess(body)) return isNamed ? 'says that it has failed, and names the id that was asked for' : nothing;
  if (isNamed) return { documents: 1, ids: [asked] };
  const ids = [...objectsOf(body)].flatMap((object) => idsAt(object, route.idField));
  if (ids.length > 0) return { documents: ids.length, ids };
  return saysNothing(body) || isEmptyAt(body, route.documents)
    ? nothing
    : notAsConfigured('neither the asked id nor any other, and not empty');
}

/** Such a number may as well be a price: it is an id only in a field that is called like one. */
const isShortNumber = (id: string): boolean => /^\d{1,11}$/.test(id);

function holdsId(body: unknown, id: string, { idField, storedIdField }: Shape): boolean {
  const own = [idField.split('.').at(-1), storedIdField];
  const isIdField = (field: string) => own.includes(field) || /ids?$/i.test(field);
  for (const { field, value } of scalarsOf(body))
    if (String(value) === id && (!isShortNumber(id) || isIdField(field))) return true;
  return false;
}

const saysNoSuccess = (body: unknown): boolean => readPath(body, '$.success')[0] === false;

/** `{"data": null, "message": "none"}` for `$.data[*]`: nothing where a document would stand, and none elsewhere. */
function isEmptyAt(body: unknown, documents: string): boolean {
  const place = documents.replace(/\[\*\]$/, '');
  const found = readPath(body, place);
  if (place === '$' || found.length === 0 || !found.every(saysNothing)) return false;
  return Object.values(body as object).every((value) => typeof value !== 'object' || saysNothing(value));
}

const idsAt = (document: unknown, idField: string): string[] =>
  readPath(document, `$.${idField}`)
    .filter((id) => typeof id === 'string' || typeof id === 'number')
    .map(String);
