import type { Judge, Says } from './says.ts';
import { runningSum } from './sums.ts';
import { type Counts, perMinute } from './traffic.ts';

const window = 5 * perMinute;
const least = 10;
const inRow = 2;

/** What many an alert does: once a minute, the share of five minutes above the threshold, with ten requests, twice in a row. */
export function fixedThreshold({ all, bad }: Counts, above: number): Judge {
  const sums = { all: runningSum(all), bad: runningSum(bad) };
  let row = 0;
  let says: Says = 'nothing';
  return {
    saysAt(end) {
      if (end % perMinute !== 0) return says;
      const from = Math.max(0, end - window);
      const requests = (sums.all[end] ?? 0) - (sums.all[from] ?? 0);
      const failed = (sums.bad[end] ?? 0) - (sums.bad[from] ?? 0);
      row = requests >= least && failed > above * requests ? row + 1 : 0;
      says = row >= inRow ? 'breach' : 'nothing';
      return says;
    },
  };
}
