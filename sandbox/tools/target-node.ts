import { realpathSync } from 'node:fs';
import { findInstalled, type LookupPlaces } from './installed-tool.ts';
import { executablesOnPath } from './path-lookup.ts';
import { programVersion } from './program-version.ts';
import type { Tool } from './tool.ts';

/** The guarded application runs under another Node than the daemon where the machine has one: as it would in real life. */
export async function findTargetNode(places: LookupPlaces): Promise<Tool> {
  const { TARGET_NODE_BIN: named } = places.environment;
  const explicit = await findInstalled(
    { name: 'node', variable: 'TARGET_NODE_BIN' },
    { ...places, environment: { TARGET_NODE_BIN: named } },
  );
  return explicit ?? (await otherNode(places)) ?? (await runningNode());
}

async function otherNode({ environment }: LookupPlaces): Promise<Tool | undefined> {
  const path = executablesOnPath('node', environment.PATH).find((candidate) => !isOurs(candidate));
  return path === undefined ? undefined : { path, origin: 'path', version: await programVersion(path) };
}

function isOurs(path: string): boolean {
  const real = realpathSync(path);
  return path.includes('/node_modules/') || real.includes('/node_modules/') || real === realpathSync(process.execPath);
}

async function runningNode(): Promise<Tool> {
  return { path: process.execPath, origin: 'path', version: process.versions.node };
}
