import { realpath } from 'node:fs/promises';

/** As /proc shows it: a checkout is often reached through a link such as `current`. A path that is not there stays as it is. */
export const realPath = (path: string): Promise<string> => realpath(path).catch(() => path);
