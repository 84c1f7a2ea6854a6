import { existsSync } from 'node:fs';

const roots = new Set<string>();

/** By this process, for as long as it lives: a folder whose removal was cut off has no registry any more to tell whose it is. */
export function ownSandbox(root: string): void {
  roots.add(root);
}

export const ownSandboxes = (): string[] => [...roots].filter((root) => existsSync(root));
