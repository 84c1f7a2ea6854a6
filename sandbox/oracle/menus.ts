import type { Document } from 'mongodb';
import type { Seed } from '../seed/seed.ts';

/** What each tenant's menu was before the migration. */
export function seedMenus(seed: Seed): ReadonlyMap<string, readonly Document[]> {
  const menus = new Map<string, readonly Document[]>();
  for (const { slug, collections } of seed.databases) {
    const menu = collections.find(({ name }) => name === 'menuitems');
    if (slug !== undefined && menu) menus.set(slug, menu.documents);
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
