import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from './end-process.ts';
import { findLeftBehind } from './left-behind.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { registryFile } from './registry.ts';

const MOST_ROUNDS = 5;

/** Ends everything that runs out of a sandbox's folder, latest first, then removes the folder. */
export async function removeSandbox(root: string, started: readonly ProcessIdentity[]): Promise<void> {
  for (const one of [...started].reverse()) await endProcess(one);
  await endLeftBehind(root, started);
  await removeFolder(root);
}

const wholly = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/** The registry last: cut off in the middle, what is left is still known for a sandbox. */
async function removeFolder(root: string): Promise<void> {
  // Somebody else may have removed it meanwhile.
  const content = await readdir(root).catch(() => []);
  for (const name of content.filter((each) => each !== registryFile)) await rm(join(root, name), wholly);
  await rm(root, wholly);
}

/** In rounds: a pm2 daemon that is about to go may have started an app again meanwhile. */
async function endLeftBehind(root: string, started: readonly ProcessIdentity[]): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = findLeftBehind(root, started);
    if (found.length === 0) return;
    await Promise.all(found.map((one) => endProcess(one)));
  }
}
