import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import { readRegistry } from './registry.ts';
import { removeSandbox } from './remove-sandbox.ts';

export const SANDBOX_PREFIX = 'rollbackd-sandbox-';

/** Removes the sandboxes whose owner is gone, with all that still runs out of them; returns their folders. */
export async function cleanAbandoned(parent: string = tmpdir()): Promise<readonly string[]> {
  const abandoned = sandboxesIn(parent).filter(isAbandoned);
  for (const root of abandoned) await removeSandbox(root);
  return abandoned;
}

function isAbandoned(root: string): boolean {
  const registry = readRegistry(root);
  return registry === undefined || !isRunning(registry.owner);
}

/** Real folders of our own user only: the parent is open to everybody. */
function sandboxesIn(parent: string): string[] {
  const real = realpathSync(parent);
  return readdirSync(real)
    .filter((name) => name.startsWith(SANDBOX_PREFIX))
    .map((name) => join(real, name))
    .filter(isOurFolder);
}

function isOurFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
