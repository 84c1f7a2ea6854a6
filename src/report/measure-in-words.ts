import { formatDuration } from '../core/duration.ts';
import type { Verdict } from '../model/verdict.ts';

/** A number in the criterion's own unit, as people read it. */
export function measureInWords(value: number, unit: Verdict['unit']): string {
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'share':
      return `${short(value * 100)} %`;
    case 'times':
      return `${short(value)} times`;
    default:
      return `${short(value)} ${unit}`;
  }
}

const short = (value: number): string => String(Number(value.toFixed(2)));

/** To the second. */
export const instantInWords = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What one criterion saw: value, threshold, samples, window. */
export function verdictInWords({
  criterion,
  verdict,
  value,
  threshold,
  unit,
  samples,
  windowMs,
  since,
}: Verdict): string {
  const seen = `${measureInWords(value, unit)}, threshold ${measureInWords(threshold, unit)}`;
  const base = `${samples} samples in ${formatDuration(windowMs)}`;
  const from = since === undefined ? '' : `, since ${instantInWords(since)}`;
  return `${criterion} is ${verdict}: ${seen}; ${base}${from}`;
}
