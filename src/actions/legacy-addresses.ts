import { pointsAtUnified } from '../adapters/env/compare.ts';
import type { World } from './world.ts';

/** Where the legacy environment file leads, and why that may be the unified database. */
export async function legacyAddresses({ settings, env }: Pick<World, 'settings' | 'env'>) {
  const addresses = await env.addresses('legacy');
  const slugs = settings.target.tenants.map(({ slug }) => slug);
  return { addresses, reasons: await pointsAtUnified(addresses, settings.mongo.unified, slugs) };
}
