import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PinnedPackage } from './packages.ts';
import type { Say } from './tool.ts';

const EVERY_MS = 2_000;

/** Says how far a download is, by what has arrived in its folder; returns what ends the saying. */
export function reportProgress(wanted: PinnedPackage, directory: string, say: Say): () => void {
  const what = `${wanted.programs.map(({ name }) => name).join(', ')} (${megabytes(wanted.bytes)})`;
  const started = performance.now();
  say(`fetching ${what} with ${wanted.manager}`);
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1_000);
    say(`fetching ${what}: ${megabytes(bytesIn(directory))} after ${seconds} s`);
  }, EVERY_MS);
  return () => clearInterval(timer);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

/** Files come and go while the package manager works: what cannot be read counts as nothing. */
function bytesIn(directory: string): number {
  try {
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    return files.reduce((sum, file) => sum + sizeOf(join(directory, file)), 0);
  } catch {
    return 0;
  }
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : 0;
}
