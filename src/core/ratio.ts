/** `10%` or `0.1` -> 0.1; `undefined` where the text is no share between 0 and 1. */
export function parseRatio(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  if (!match) return undefined;
  const value = Number(match[1]) / (match[2] ? 100 : 1);
  return value <= 1 ? value : undefined;
}

/** 0.104 -> `10.4%`. */
export const formatRatio = (ratio: number): string => `${Number((ratio * 100).toFixed(2))}%`;
