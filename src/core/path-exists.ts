import { lstat } from 'node:fs/promises';

/** Whether something lies there, a link that leads nowhere too. */
export const pathExists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
