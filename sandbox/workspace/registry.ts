import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
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

const REGISTRY_FILE = 'processes.jsonl';

export function createRegistry(root: string, owner: ProcessIdentity): void {
  writeFileSync(join(root, REGISTRY_FILE), line({ ...owner, what: 'owner' }), { flag: 'wx', mode: 0o600 });
}

/** One line a process, appended at once: a crash right after the start still leaves it on record. */
export function appendToRegistry(root: string, started: StartedProcess): void {
  appendFileSync(join(root, REGISTRY_FILE), line(started));
}

/** What a sandbox is known to have started. */
export const startedIn = (root: string): readonly StartedProcess[] => readRegistry(root)?.started ?? [];

/** Undefined when the folder holds no registry: somebody is just removing it, or already failed to. */
export function readRegistry(root: string): Registry | undefined {
  const [owner, ...started] = registered(join(root, REGISTRY_FILE)).split('\n').flatMap(parse);
  return owner && { owner, started };
}

function registered(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
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
