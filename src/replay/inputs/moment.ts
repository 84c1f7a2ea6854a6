/** Below this a number of seconds since 1970, above it one of milliseconds: both lie between 1973 and 5138. */
const secondsBelow = 100_000_000_000;
const number = /^\d+(?:\.\d+)?$/;

/** `2026-11-20T22:00:07Z`, or seconds or milliseconds since 1970, as epoch milliseconds; `undefined` where it is none of these. */
export function momentOf(text: string): number | undefined {
  if (number.test(text)) {
    const value = Number(text);
    return Math.round(value < secondsBelow ? value * 1_000 : value);
  }
  // A day without a time, or a time without its offset, would mean something else on another machine.
  if (!/T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
