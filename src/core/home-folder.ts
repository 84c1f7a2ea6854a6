import { readFile } from 'node:fs/promises';

/** The home of a user of this host; undefined where nobody has that uid. */
export type HomeOf = (uid: number) => Promise<string | undefined>;

export const homeFolder: HomeOf = async (uid) => {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  return users.find(([, , id]) => id === String(uid))?.[5];
};
