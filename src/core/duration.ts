const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A timer of Node's ends at once where it is asked for more than 2^31 - 1 ms. */
export const longestTimer = 24 * unitMs.d;

const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/y;

/** `15m`, `1h30m`, `250ms` -> whole milliseconds, as time-outs must be; `undefined` where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  let position = 0;
  while (position < text.length) {
    part.lastIndex = position;
    const match = part.exec(text);
    if (!match) return undefined;
    total += Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
    position = part.lastIndex;
  }
  return position === 0 ? undefined : Math.round(total);
}

/** Milliseconds as people say them: `950ms`, `12.4s`, `3m20s`, `2h5m`. */
export function formatDuration(ms: number): string {
  if (ms < unitMs.s) return `${Math.round(ms)}ms`;
  if (ms < unitMs.m) return `${Number((ms / unitMs.s).toFixed(1))}s`;
  return ms < unitMs.h ? twoUnits(ms, 'm', 's') : twoUnits(ms, 'h', 'm');
}

function twoUnits(ms: number, big: keyof typeof unitMs, small: keyof typeof unitMs): string {
  const whole = Math.floor(ms / unitMs[big]);
  const rest = Math.floor((ms - whole * unitMs[big]) / unitMs[small]);
  return rest === 0 ? `${whole}${big}` : `${whole}${big}${rest}${small}`;
}
