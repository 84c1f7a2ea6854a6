const firstWait = 1_000;
const longestWait = 60_000;

/** How long to wait after `failures` failures in a row: 1 s, 2 s, 4 s, ... at most a minute. */
export const backoff = (failures: number): number => Math.min(firstWait * 2 ** (failures - 1), longestWait);
