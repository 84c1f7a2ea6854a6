import { BSON } from 'mongodb';
import { idValues } from './document-id.ts';

/** What a route of the application says about the documents that it hands out. */
interface OwnershipRoute {
  readonly collection: string;
  /** Of the answer. */
  readonly idField: string;
  /** Of the database, where it is another one. */
  readonly storedIdField?: string | undefined;
  /** Fields that make two documents the same to a reader: equal ones in several tenants are nobody's secret. */
  readonly sameWhen: readonly string[];
}

/** Where the database holds what an answer shows as a document's id. */
export const storedIdFieldOf = ({
  idField,
  storedIdField,
}: Pick<OwnershipRoute, 'idField' | 'storedIdField'>): string => storedIdField ?? idField;

/** Slugs, or everyone: documents that belong to no tenant. */
export type Owners = readonly string[] | 'everyone';

/** Whose a document is, as a database says. */
export interface DocumentOwnership {
  /**
   * Document id, as text -> its owners. An id that the database does not hold, or holds for a tenant that nobody knows,
   * is absent. With an asker, what is the asker's own anyway is not compared with others' documents.
   */
  ownersOf(
    route: OwnershipRoute,
    ids: readonly string[],
    signal: AbortSignal,
    asker?: string,
  ): Promise<ReadonlyMap<string, Owners>>;
  /** The id of a document that belongs to another tenant and not to this one; undefined where there is none. */
  foreignId(route: OwnershipRoute, tenant: string, signal: AbortSignal): Promise<string | undefined>;
}

type Row = Readonly<Record<string, unknown>>;

export interface OwnedRow {
  readonly row: Row;
  /** Undefined: everyone's. */
  readonly owner: string | undefined;
}

export interface RowsQuestion {
  readonly collection: string;
  readonly filter: Record<string, unknown>;
  readonly fields: readonly string[];
  readonly limit: number;
}

/** A database, or several, in which each document has an owner. Documents of unknown tenants are left out. */
export interface OwnedRows {
  find(question: RowsQuestion, signal: AbortSignal): Promise<OwnedRow[]>;
  /** Documents that a tenant may be shown: its own, and everyone's. */
  findShown(tenant: string, question: RowsQuestion, signal: AbortSignal): Promise<OwnedRow[]>;
  /** Documents that are stored for tenants other than this one. */
  findOfOthers(tenant: string, question: Omit<RowsQuestion, 'filter'>, signal: AbortSignal): Promise<OwnedRow[]>;
}

/** How long a list of tenants is believed: each question would read it anew. */
export const listKeptFor = 5_000;

const MOST_ROWS = 10_000;
/** How many documents are looked for by their fields at once. */
const ALIKE_AT_ONCE = 100;
const CANDIDATES = 50;

export function createOwnership(rows: OwnedRows): DocumentOwnership {
  return {
    async ownersOf(route, ids, signal, asker) {
      if (asker === undefined) return await ownersAmongAll(rows, route, ids, signal);
      // What is the asker's is no leak, whoever else has it: only the rest is looked for among all tenants.
      const owners = ownersById(await rows.findShown(asker, byIds(route, ids), signal), storedIdFieldOf(route));
      const rest = ids.filter((id) => !owners.has(id));
      if (rest.length === 0) return owners;
      return new Map([...owners, ...(await ownersAmongAll(rows, route, rest, signal))]);
    },
    async foreignId(route, tenant, signal) {
      const { collection, sameWhen } = route;
      const idField = storedIdFieldOf(route);
      const question = { collection, fields: [idField, ...sameWhen], limit: CANDIDATES };
      const candidates = (await rows.findOfOthers(tenant, question, signal)).map(({ row }) => row);
      if (candidates.length === 0) return undefined;
      const ids = candidates.map((row) => String(row[idField]));
      const shown = await rows.findShown(tenant, byIds(route, ids), signal);
      const alike = sameWhen.length === 0 ? [] : await rows.findShown(tenant, likeThese(candidates, route), signal);
      const shownIds = new Set(shown.map(({ row }) => String(row[idField])));
      const shownFields = new Set(alike.map(({ row }) => fieldsAsText(row, sameWhen)));
      const secret = candidates.find(
        (row) => !shownIds.has(String(row[idField])) && !shownFields.has(fieldsAsText(row, sameWhen)),
      );
      return secret && String(secret[idField]);
    },
  };
}

async function ownersAmongAll(
  rows: OwnedRows,
  route: OwnershipRoute,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Owners>> {
  const found = await rows.find(byIds(route, ids), signal);
  const owners = ownersById(found, storedIdFieldOf(route));
  if (route.sameWhen.length === 0) return owners;
  for (let at = 0; at < found.length; at += ALIKE_AT_ONCE)
    await addOwnersOfAlike(owners, found.slice(at, at + ALIKE_AT_ONCE), route, rows, signal);
  return owners;
}

function byIds(route: OwnershipRoute, ids: readonly string[]): RowsQuestion {
  const { collection, sameWhen } = route;
  const idField = storedIdFieldOf(route);
  const filter = { [idField]: { $in: ids.flatMap(idValues) } };
  return { collection, filter, fields: [...new Set([idField, ...sameWhen])], limit: MOST_ROWS };
}

function likeThese(documents: readonly Row[], { collection, sameWhen }: OwnershipRoute): RowsQuestion {
  const filter = { $or: documents.map((row) => equalFields(row, sameWhen)) };
  return { collection, filter, fields: sameWhen, limit: MOST_ROWS };
}

function ownersById(found: readonly OwnedRow[], idField: string): Map<string, Owners> {
  const owners = new Map<string, Owners>();
  for (const { row, owner } of found) addOwner(owners, String(row[idField]), owner);
  return owners;
}

function addOwner(owners: Map<string, Owners>, id: string, owner: string | undefined): void {
  const before = owners.get(id) ?? [];
  const everyone = before === 'everyone' || owner === undefined;
  owners.set(id, everyone ? 'everyone' : [...new Set([...before, owner])]);
}

async function addOwnersOfAlike(
  owners: Map<string, Owners>,
  asked: readonly OwnedRow[],
  route: OwnershipRoute,
  rows: OwnedRows,
  signal: AbortSignal,
): Promise<void> {
  const { sameWhen } = route;
  const idField = storedIdFieldOf(route);
  const alike = await rows.find(
    likeThese(
      asked.map(({ row }) => row),
      route,
    ),
    signal,
  );
  const byFields = Map.groupBy(alike, ({ row }) => fieldsAsText(row, sameWhen));
  for (const { row } of asked) {
    const id = String(row[idField]);
    // Too many to be read whole: who else owns it is not known.
    if (alike.length === MOST_ROWS) owners.delete(id);
    else for (const { owner } of byFields.get(fieldsAsText(row, sameWhen)) ?? []) addOwner(owners, id, owner);
  }
}

const equalFields = (row: Row, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, { $eq: row[field] ?? null }]));

const fieldsAsText = (row: Row, fields: readonly string[]): string =>
  BSON.EJSON.stringify(fields.map((field) => row[field] ?? null));
