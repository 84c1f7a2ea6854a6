import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanAbandoned, SANDBOX_PREFIX } from './clean-abandoned.ts';
import { createPortDispenser } from './free-port.ts';
import { ownSandbox } from './own-sandboxes.ts';
import { processIdentity } from './process-identity.ts';
import { appendToRegistry, createRegistry, type StartedProcess } from './registry.ts';
import { removeSandbox } from './remove-sandbox.ts';

/** The temporary folder of one sandbox, and everything that runs out of it. Disposing ends the processes and removes the folder. */
export interface Workspace extends AsyncDisposable {
  readonly root: string;
  /** A free port on 127.0.0.1, never handed out twice. */
  freePort(): Promise<number>;
  registerProcess(process: StartedProcess): void;
}

/** Cleans up after sandboxes that crashed, then makes a new one, owned by this process. */
export async function createWorkspace(parent: string = tmpdir()): Promise<Workspace> {
  await cleanAbandoned(parent);
  const root = createRoot(realpathSync(parent));
  return {
    root,
    freePort: createPortDispenser(),
    registerProcess: (started) => appendToRegistry(root, started),
    [Symbol.asyncDispose]: () => removeSandbox(root),
  };
}

/**
 * The folder gets its name only when its owner is on record: an unowned one would be taken for abandoned. In one go, so that a
 * signal finds either nothing or a sandbox.
 */
function createRoot(parent: string): string {
  const owner = processIdentity(process.pid);
  if (owner === undefined) throw new Error('the sandbox needs /proc: it runs on Linux only');
  const unnamed = mkdtempSync(join(parent, 'rollbackd-new-'));
  createRegistry(unnamed, owner);
  const root = join(parent, `${SANDBOX_PREFIX}${randomBytes(5).toString('hex')}`);
  renameSync(unnamed, root);
  ownSandbox(root);
  return root;
}
