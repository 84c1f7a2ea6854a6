import type { Say, Tools } from './tool.ts';

export interface FindToolsOptions {
  /** Default: process.env. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told where each program came from, and how a download is going. Default: silent. */
  readonly say?: Say;
}

export async function findTools(_options: FindToolsOptions = {}): Promise<Tools> {
  throw new Error('not there yet');
}
