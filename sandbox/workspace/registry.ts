import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from './process-identity.ts';

export interface StartedProcess extends ProcessIdentity {
  readonly what: string;
}

interface Registry {
  /** The process that made the sandbox: while it lives, nobody else cleans up. */
  readonly owner: ProcessIdentity;
  readonly started: readonly StartedProcess[];
}

export const registryFile = 'processes.jsonl';

export function createRegistry(root: string, owner: ProcessIdentity): void {
  writeFileSync(join(root, registryFile), line({ ...owner, what: 'owner' }), { flag: 'wx', mode: 0o600 });
}

/** One line a process, appended at once: a crash right after the start still leaves it on record. */
export function appendToRegistry(root: string, started: StartedProcess): void {
  appendFileSync(join(root, registryFile), line(started));
}

/** Undefined when the folder holds no registry: somebody is just removing it, or already failed to. */
export function readRegistry(root: string): Registry | undefined {
  const file = join(root, registryFile);
  if (!existsSync(file)) return undefined;
  const [owner, ...started] = readFileSync(file, 'utf8').split('\n').flatMap(parse);
  return owner && { owner, started };
}

function line({ pid, startTime, what }: StartedProcess): string {
  return `${JSON.stringify({ pid, startTime, what })}\n`;
}

/** The last line may be torn by a crash. */
function parse(text: string): StartedProcess[] {
  try {
    const { pid, startTime, what } = JSON.parse(text) as Record<string, unknown>;
    return typeof pid === 'number' && typeof startTime === 'number' ? [{ pid, startTime, what: String(what) }] : [];
  } catch {
    return [];
  }
}
