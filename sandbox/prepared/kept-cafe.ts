import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SitePlan } from '../cafe/site-plan.ts';
import { withCacheLock } from '../tools/cache-lock.ts';
import { prepareCafe } from './prepare-cafe.ts';
import { type PreparedCafe, readPrepared } from './record.ts';

/** A café as planned out of the folder where they are kept; the first one who asks for it prepares it, the others wait. */
export async function keptCafe(plan: SitePlan, cafes: string): Promise<PreparedCafe> {
  const place = join(cafes, kindOf(plan));
  const folder = join(place, 'cafe');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  await withCacheLock(place, async () => {
    if (!existsSync(folder)) await prepareCafe(plan, folder);
  });
  return await readPrepared(folder);
}

function kindOf({ mongo, seed: { parameters } }: SitePlan): string {
  const { temperament, tenants, documents, seed } = parameters;
  return [temperament, mongo, `${tenants}-tenants`, `${documents}-documents`, `seed-${seed}`].join('_');
}
