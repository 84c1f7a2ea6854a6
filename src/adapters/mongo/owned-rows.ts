import type { MongoReader } from './contract.ts';
import type { OwnedRow, OwnedRows, RowsQuestion } from './ownership.ts';
import { shownTo, type TenantNames } from './tenant-names.ts';

/** A tenant's own database, one that tenants share (`tenantField` names them in each document), or one of nobody's. */
export interface OwnedDatabase {
  readonly name: string;
  readonly tenant?: string | undefined;
  readonly tenantField?: string | undefined;
  /** Whatever else lies there is another system's. */
  readonly only?: readonly string[] | undefined;
}

type Filter = RowsQuestion['filter'];
type Reader = Pick<MongoReader, 'find'>;

/** A document is the tenant's in whose database it lies, or whom it names in a shared one. Any other is everyone's. */
export function ownedRows(
  reader: Reader,
  databases: readonly OwnedDatabase[],
  names: () => Promise<TenantNames>,
): OwnedRows {
  /** One database after the other: the reader has few connections, and others need them too. */
  const findWhere = async (
    filterIn: (database: OwnedDatabase, named: TenantNames) => Filter | undefined,
    { collection, fields, limit }: Omit<RowsQuestion, 'filter'>,
    signal: AbortSignal,
  ): Promise<OwnedRow[]> => {
    const named = await names();
    const found: OwnedRow[] = [];
    for (const database of databases.filter(({ only }) => only?.includes(collection) ?? true)) {
      const filter = filterIn(database, named);
      const left = limit - found.length;
      if (filter === undefined || left <= 0) continue;
      const { name, tenantField } = database;
      const withOwner = tenantField === undefined ? fields : [...new Set([...fields, tenantField])];
      const rows = await reader.find(
        { database: name, collection },
        filter,
        { fields: withOwner, limit: left },
        signal,
      );
      found.push(...rows.flatMap((row) => ownedRow(row, database, named)));
    }
    return found;
  };

  return {
    find: (question, signal) => findWhere(() => question.filter, question, signal),
    findShown: (tenant, question, signal) =>
      findWhere((database, named) => shown(database, named, tenant, question.filter), question, signal),
    findOfOthers: (tenant, question, signal) =>
      findWhere((database, named) => ofOthers(database, named, tenant), question, signal),
  };
}

/** Documents of tenants that nobody knows are left out. */
function ownedRow(row: OwnedRow['row'], { tenant, tenantField }: OwnedDatabase, { slugOf }: TenantNames): OwnedRow[] {
  const stored = tenantField === undefined ? undefined : (row[tenantField] ?? undefined);
  if (stored === undefined) return [{ row, owner: tenant }];
  const owner = slugOf(stored);
  return owner === undefined ? [] : [{ row, owner }];
}

function shown({ tenant, tenantField }: OwnedDatabase, names: TenantNames, asker: string, filter: Filter) {
  if (tenantField !== undefined) return { ...filter, [tenantField]: shownTo(names, asker) };
  return tenant === undefined || tenant === asker ? filter : undefined;
}

function ofOthers({ tenant, tenantField }: OwnedDatabase, names: TenantNames, asker: string) {
  if (tenantField !== undefined) return { [tenantField]: names.ofOthers(asker) };
  return tenant === undefined || tenant === asker ? undefined : {};
}
