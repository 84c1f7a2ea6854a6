import type { Look } from './look.ts';

/** What would stop the switch of the checkout, and the installation of the legacy packages. */
export const code: Look = async (world, signal) =>
  (await world.code.refusals(signal)).map((what) => ({
    what,
    mend: 'what the checkout must allow is in docs/operating.md',
  }));

export const dependencies: Look = (world, signal) => world.dependencies.hostObstacles(signal);
