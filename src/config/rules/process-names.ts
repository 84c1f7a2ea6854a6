import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

/** What pm2 takes for every process, for an id, for a pattern or for an option. */
const notOne = /^all$|^\d+$|^\/.*\/$|^-/;

export const processNames = rule(['process'], ({ process: { names } }) => [
  ...names.flatMap((name, index) =>
    notOne.test(name) ? [{ path: ['process', 'names', index], message: `"${name}" is no name of one process` }] : [],
  ),
  ...repeated(names, (name) => name).map(([index]) => ({
    path: ['process', 'names', index],
    message: 'is listed twice',
  })),
]);
