import { rm } from 'node:fs/promises';
import { endProcess } from './end-process.ts';
import { findLeftBehind } from './left-behind.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { startedIn } from './registry.ts';

const MOST_ROUNDS = 5;
/** Longer than rollbackd gives its own programs: killed before it has ended them, it would leave them to nobody. */
const GRACE_MS = 15_000;

/** How a folder is removed that a dying process may still write to. */
export const wholly = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/** Ends everything that runs out of a sandbox's folder, latest first, then removes the folder. */
export async function removeSandbox(root: string): Promise<void> {
  const started = startedIn(root);
  for (const one of [...started].reverse()) await endProcess(one, GRACE_MS);
  await endLeftBehind(root, started);
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
