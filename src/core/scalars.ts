import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { longestTimer, parseDuration } from './duration.ts';
import { parseRatio } from './ratio.ts';
import { Secret } from './secret.ts';

/**
 * Configuration values as people write them, each turned into what the code works with. The title says what one writes:
 * an editor shows it, and docs/configure.md.
 */

/** Text that says something. */
export const text = z.string().min(1);

/** Text with a unit; a bare number, which YAML hands over as one, gets the same explanation as any other wrong text. */
function measured(title: string, pattern: string, hint: string, parse: (text: string) => number | undefined) {
  const unitMissing = (issue: { input?: unknown }) =>
    typeof issue.input === 'number' ? `${issue.input} is ${hint}` : undefined;
  return z
    .string({ error: unitMissing })
    .meta({ title, pattern })
    .transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue(`"${text}" is ${hint}`);
      return z.NEVER;
    });
}

/** `15m` -> milliseconds, for what may also be left out by writing `0s`. */
export const durationOrZero = measured(
  'duration or 0s',
  '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$',
  'not a duration: write a number with ms, s, m, h or d, such as 15m or 1h30m',
  parseDuration,
).refine((ms) => ms <= longestTimer, 'must be at most 24d');

/** `15m` -> milliseconds. Never zero: an interval without a pause, a time-out at once, a watch that sees nothing. */
export const duration = durationOrZero.refine((ms) => ms > 0, 'must be longer than 0').meta({ title: 'duration' });

/** `10%` -> 0.1. */
export const ratio = measured(
  'ratio',
  '^\\d+(\\.\\d+)?%?$',
  'not a share: write a percentage such as 10%, or a number from 0 to 1 in quotes',
  parseRatio,
);

const sizeUnit = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

/** `512MiB` -> bytes. */
export const size = measured(
  'size',
  '^\\d+(KiB|MiB|GiB)$',
  'not a size: write a whole number with KiB, MiB or GiB, such as 512MiB',
  (text) => {
    const match = /^(\d+)(KiB|MiB|GiB)$/.exec(text);
    return match ? Number(match[1]) * sizeUnit[match[2] as keyof typeof sizeUnit] : undefined;
  },
);

/** A path that means the same from everywhere. */
export const absolutePath = z
  .string()
  .refine(isAbsolute, 'must be an absolute path')
  .meta({ title: 'absolute path', pattern: '^/' });

/** A path inside a folder that the context names: it cannot lead out of it. */
export const innerPath = z
  .string()
  .min(1)
  .refine(
    (path) => !isAbsolute(path) && !/^\.\.(\/|$)/.test(normalize(path)),
    'must lie inside: relative, without leading ..',
  )
  .meta({ title: 'relative path' });

/** The path of an HTTP request. */
export const urlPath = z.string().startsWith('/').meta({ title: 'URL path' });

/** Leads to values in a JSON answer: `$.data[*]._id`. */
export const jsonPath = z.string().startsWith('$').meta({ title: 'JSON path' });

export const instant = z.iso
  .datetime({ offset: true })
  .meta({ title: 'moment' })
  .transform((text) => Date.parse(text));

export const secret = text.meta({ title: 'secret' }).transform((value) => new Secret(value));

export const regex = z
  .string()
  .meta({ title: 'regular expression' })
  .transform((text, context) => {
    try {
      return new RegExp(text);
    } catch (error) {
      context.addIssue(`"${text}" is not a regular expression: ${error instanceof Error ? error.message : error}`);
      return z.NEVER;
    }
  });

export const httpUrl = z.url({ protocol: /^https?$/ }).meta({ title: 'URL' });
