import { join } from 'node:path';
import type { RollbackSettings } from './world.ts';

/** Where the application runs. */
export const serverFolder = ({ code, process }: RollbackSettings): string =>
  process.workingDirectory ?? join(code.repository, code.serverFolder);
