import { rmSync } from 'node:fs';
import { descendantsOf } from './descendants.ts';
import { killFrozen } from './kill-frozen.ts';
import { findLeftBehind } from './left-behind.ts';
import { ownSandboxes } from './own-sandboxes.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { startedIn } from './registry.ts';
import { removeSandbox, wholly } from './remove-sandbox.ts';

/** Ends everything in this process's own sandboxes, each asked first, and removes their folders. */
export async function removeOwn(): Promise<void> {
  for (const root of ownSandboxes()) await removeSandbox(root);
}

/** The same without asking or waiting, and everything else that this process started; says whether there was anything. */
export function removeOwnAtOnce(): boolean {
  const own = ownSandboxes();
  const killed = killFrozen(() => [...descendantsOf(process.pid), ...own.flatMap(runningFrom)]);
  for (const root of own) rmSync(root, wholly);
  return killed || own.length > 0;
}

function runningFrom(root: string): ProcessIdentity[] {
  const started = startedIn(root);
  return [...started.filter(isRunning), ...findLeftBehind(root, started)];
}
