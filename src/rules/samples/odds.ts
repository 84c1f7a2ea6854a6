/**
 * How unlikely it is, as the natural logarithm of the odds against it, that chance alone shows so many bad ones of all
 * where the true share is `share`: Chernoff's bound, n * KL(bad/n || share). Callers ask which side of it was seen.
 */
function against(bad: number, all: number, share: number): number {
  const seen = bad / all;
  const part = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return all * (part(seen, share) + part(1 - seen, 1 - share));
}

/** Whether so many bad ones show that the true share is above `share`: chance would show them less than once in `odds`. */
export const provesAbove = (bad: number, all: number, share: number, odds: number): boolean =>
  bad > share * all && against(bad, all, share) >= Math.log(odds);

/** Whether so few bad ones show that the true share is below `share`. */
export const provesBelow = (bad: number, all: number, share: number, odds: number): boolean =>
  bad < share * all && against(bad, all, share) >= Math.log(odds);
