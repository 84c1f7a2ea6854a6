import type { DocumentOwnership } from '../../../src/adapters/mongo/ownership.ts';
import { tenants } from './cafe.ts';

export const collections = { menu: 'menus', orders: 'orders', tables: 'tables' } as const;
type Route = keyof typeof collections;

interface CafeDocument {
  readonly _id: string;
  readonly code: string;
}

const perTenant = 5;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export const documentsOf = (route: Route, tenant: string, count: number = perTenant): CafeDocument[] =>
  Array.from({ length: count }, (_, index) => {
    const place = Object.keys(collections).indexOf(route);
    const owner = (tenants as readonly string[]).indexOf(tenant);
    return {
      _id: `65f1c0a4b7d2e3${hex(place, 2)}${hex(owner, 4)}${hex(index, 4)}`,
      code: `${tenant}-${route}-${index}`,
    };
  });

const owned = (Object.keys(collections) as Route[]).flatMap((route) =>
  tenants.flatMap((tenant) =>
    documentsOf(route, tenant).map((document) => ({ collection: collections[route], tenant, document })),
  ),
);
const ownerOf = new Map(owned.map(({ collection, tenant, document }) => [`${collection}/_id/${document._id}`, tenant]));

/** What the database says: an id is looked up in the field that is asked for, and found nowhere else. */
export const ownership: DocumentOwnership = {
  async ownersOf({ collection, idField, storedIdField = idField }, ids) {
    const found = ids.map((id) => [id, ownerOf.get(`${collection}/${storedIdField}/${id}`)] as const);
    return new Map(found.flatMap(([id, owner]) => (owner === undefined ? [] : [[id, [owner]] as const])));
  },
  async foreignId({ collection }, tenant) {
    return owned.find((one) => one.collection === collection && one.tenant !== tenant)?.document._id;
  },
};
