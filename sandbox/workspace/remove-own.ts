import { rmSync } from 'node:fs';
import { sandboxesIn } from './clean-abandoned.ts';
import { signal } from './end-process.ts';
import { findLeftBehind } from './left-behind.ts';
import { readRegistry } from './registry.ts';
import { removeSandbox } from './remove-sandbox.ts';

/** Ends everything in this process's own sandboxes, each asked first, and removes their folders. */
export async function removeOwn(parent?: string): Promise<void> {
  for (const root of ownSandboxes(parent)) await removeSandbox(root, readRegistry(root)?.started ?? []);
}

/** The same without asking or waiting; says whether there was anything. */
export function removeOwnAtOnce(parent?: string): boolean {
  const own = ownSandboxes(parent);
  for (const root of own) {
    const started = readRegistry(root)?.started ?? [];
    for (const one of [...started, ...findLeftBehind(root, started)]) signal(one, 'SIGKILL');
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  return own.length > 0;
}

const ownSandboxes = (parent: string | undefined): string[] =>
  sandboxesIn(parent).filter((root) => readRegistry(root)?.owner.pid === process.pid);
