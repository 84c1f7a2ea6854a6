import { pointsAtUnified } from '../adapters/env/compare.ts';
import { namesakeHere } from '../adapters/mongo/namesake.ts';
import type { World } from './world.ts';

/**
 * Where an environment file leads that is the legacy one, and why that may be the unified database. A legacy main database that
 * is the unified one is opened by either version, under its exact name and for no tenant: that address tells nothing.
 */
export async function legacyAddresses({ settings, env }: Pick<World, 'settings' | 'env'>, file: 'legacy' | 'current') {
  const addresses = await env.addresses(file);
  const { target, mongo } = settings;
  const merged = namesakeHere(mongo)?.name;
  const telling = addresses.filter(({ database }) => database !== merged);
  const slugs = target.tenants.map(({ slug }) => slug);
  return { addresses, reasons: await pointsAtUnified(telling, mongo.unified, slugs) };
}

/** What is proven of the addresses, as a plan says it. */
export function noWayToUnified({ env, mongo }: World['settings']): string {
  const variables = env.uriVariables.join(' or ');
  const { database } = mongo.unified;
  return namesakeHere(mongo)
    ? `no ${variables} resolves to ${database} for a single tenant. NOT PROVEN by it: which version the address is for, since ${database} is the legacy main database as well`
    : `no ${variables} resolves to ${database}`;
}
