import { executablesOnPath, isExecutable } from './path-lookup.ts';
import { programVersion } from './program-version.ts';
import type { Say, Tool } from './tool.ts';

export interface InstalledToolRequest {
  readonly name: string;
  /** The variable that names the program's path, where there is one. */
  readonly variable?: string;
  readonly versionFlag?: string;
}

export interface LookupPlaces {
  readonly environment: NodeJS.ProcessEnv;
  readonly say: Say;
}

/** By the variable, else on the PATH. A variable that names no working program is a fault: it is never passed over in silence. */
export async function findInstalled(request: InstalledToolRequest, places: LookupPlaces): Promise<Tool | undefined> {
  return (await fromVariable(request, places)) ?? (await fromPath(request, places));
}

async function fromVariable(
  { variable, versionFlag }: InstalledToolRequest,
  { environment }: LookupPlaces,
): Promise<Tool | undefined> {
  const path = variable && environment[variable];
  if (!path) return undefined;
  if (!isExecutable(path)) throw new Error(`${variable} is ${path}: no program is there`);
  return { path, origin: 'environment', version: await programVersion(path, versionFlag) };
}

async function fromPath({ name, versionFlag }: InstalledToolRequest, places: LookupPlaces): Promise<Tool | undefined> {
  for (const path of executablesOnPath(name, places.environment.PATH)) {
    try {
      return { path, origin: 'path', version: await programVersion(path, versionFlag) };
    } catch (error) {
      places.say(`${path} does not run here, looking further (${(error as Error).message.split('\n')[0]})`);
    }
  }
  return undefined;
}
