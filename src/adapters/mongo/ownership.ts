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

interface RowsQuestion {
  readonly collection: string;
  readonly filter: Record<string, unknown>;
  readonly fields: readonly string[];
  readonly limit: number;
}

/** A database, or several, in which each document has an owner. Documents of unknown tenants are left out. */
export interface OwnedRows {
  find(question: RowsQuestion, signal: AbortSignal): Promise<OwnedRow[]>;
  /** Documents that are stored for tenants other than this one. */
  findOfOthers(tenant: string, question: Omit<RowsQuestion, 'filter'>, signal: AbortSignal): Promise<OwnedRow[]>;
}

const MOST_ROWS = 10_000;
/** How many documents are looked for by their fields at once. */
const ALIKE_AT_ONCE = 100;
const CANDIDATES = 50;

export function createOwnership(rows: OwnedRows): DocumentOwnership {
  const ownersOf: DocumentOwnership['ownersOf'] = async (route, ids, signal, asker) => {
    const { collection, sameWhen } = route;
    const idField = storedIdFieldOf(route);
    const filter = { [idField]: { $in: ids.flatMap(idValues) } };
    const fields = [...new Set([idField, ...sameWhen])];
    const found = await rows.find({ collection, filter, fields, limit: MOST_ROWS }, signal);
    const owners = ownersById(found, idField);
    if (sameWhen.length === 0) return owners;
    const doubtful = found.filter(({ row }) => !belongsTo(owners.get(String(row[idField])), asker));
    for (let at = 0; at < doubtful.length; at += ALIKE_AT_ONCE) {
      await addOwnersOfAlike(owners, doubtful.slice(at, at + ALIKE_AT_ONCE), route, rows, signal);
    }
    return owners;
  };

  return {
    ownersOf,
    async foreignId(route, tenant, signal) {
      const { collection } = route;
      const idField = storedIdFieldOf(route);
      const found = await rows.findOfOthers(tenant, { collection, fields: [idField], limit: CANDIDATES }, signal);
      const ids = found.map(({ row }) => String(row[idField]));
      const owners = await ownersOf(route, ids, signal, tenant);
      return ids.find((id) => owners.has(id) && !belongsTo(owners.get(id), tenant));
    },
  };
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

const belongsTo = (owners: Owners | undefined, tenant: string | undefined): boolean =>
  owners === 'everyone' || (tenant !== undefined && (owners?.includes(tenant) ?? false));

async function addOwnersOfAlike(
  owners: Map<string, Owners>,
  asked: readonly OwnedRow[],
  route: OwnershipRoute,
  rows: OwnedRows,
  signal: AbortSignal,
): Promise<void> {
  const { collection, sameWhen } = route;
  const idField = storedIdFieldOf(route);
  const filter = { $or: asked.map(({ row }) => equalFields(row, sameWhen)) };
  const alike = await rows.find({ collection, filter, fields: sameWhen, limit: MOST_ROWS }, signal);
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
