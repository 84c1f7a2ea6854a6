import type { World } from '../world.ts';

/** What the legacy environment file says about the variables that decide which database is used. Secrets. */
export async function legacyDatabaseValues({ env, settings }: World): Promise<Record<string, string>> {
  const values = await env.values('legacy', settings.process.databaseVariables);
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
