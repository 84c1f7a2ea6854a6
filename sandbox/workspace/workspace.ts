import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanAbandoned, SANDBOX_PREFIX } from './clean-abandoned.ts';
import { createPortDispenser } from './free-port.ts';
import { processIdentity } from './process-identity.ts';
import { appendToRegistry, createRegistry, readRegistry, type StartedProcess } from './registry.ts';
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
  const root = await createRoot(await realpath(parent));
  return {
    root,
    freePort: createPortDispenser(),
    registerProcess: (started) => appendToRegistry(root, started),
    [Symbol.asyncDispose]: () => removeSandbox(root, readRegistry(root)?.started ?? []),
  };
}

/** The folder gets its name only when its owner is on record: an unowned one would be taken for abandoned. */
async function createRoot(parent: string): Promise<string> {
  const owner = processIdentity(process.pid);
  if (owner === undefined) throw new Error('the sandbox needs /proc: it runs on Linux only');
  const unnamed = await mkdtemp(join(parent, 'rollbackd-new-'));
  createRegistry(unnamed, owner);
  const root = join(parent, `${SANDBOX_PREFIX}${randomBytes(5).toString('hex')}`);
  await rename(unnamed, root);
  return root;
}
