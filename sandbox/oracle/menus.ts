import type { Document } from 'mongodb';
import type { Seed } from '../seed/seed.ts';
import { createTenantOf } from '../seed/tenant-of.ts';

/** What each tenant's menu was before the migration. */
export function seedMenus(seed: Seed): ReadonlyMap<string, readonly Document[]> {
  const tenantOf = createTenantOf(seed);
  const menus = new Map<string, Document[]>(seed.tenants.map(({ slug }) => [slug, []]));
  for (const database of seed.databases) {
    const menu = database.collections.find(({ name }) => name === 'menuitems')?.documents ?? [];
    for (const item of menu) menus.get(tenantOf(database, item) ?? '')?.push(item);
  }
  return menus;
}

/** Dishes that only one café has, by business id: it alone survives a migration. */
export function createOwners(seed: Seed): (businessId: string) => string | undefined {
  const owners = new Map<string, Set<string>>();
  for (const [slug, menu] of seedMenus(seed)) {
    for (const { id } of menu) owners.set(String(id), (owners.get(String(id)) ?? new Set()).add(slug));
  }
  return (businessId) => {
    const [only, ...others] = owners.get(businessId) ?? [];
    return others.length === 0 ? only : undefined;
  };
}

export interface ServedItem {
  readonly _id: string;
  readonly id: string;
  readonly name: string;
  readonly price: number;
}

/** Undefined: the answer is no menu. */
export function readMenu(body: string): readonly ServedItem[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return Array.isArray(parsed) ? (parsed as ServedItem[]) : undefined;
  } catch {
    return undefined;
  }
}
