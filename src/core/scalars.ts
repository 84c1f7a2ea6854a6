import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { parseRatio } from './ratio.ts';
import { Secret } from './secret.ts';

/** Configuration values as people write them, each turned into what the code works with. */

/** `15m` -> milliseconds. */
export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue(`"${text}" is not a duration: write a number with ms, s, m, h or d, such as 15m or 1h30m`);
  return z.NEVER;
});

/** `10%` -> 0.1. */
export const ratio = z.string().transform((text, context) => {
  const value = parseRatio(text);
  if (value !== undefined) return value;
  context.addIssue(`"${text}" is not a share: write a percentage such as 10%, or a number from 0 to 1 in quotes`);
  return z.NEVER;
});

const sizeUnit = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

/** `512MiB` -> bytes. */
export const size = z.string().transform((text, context) => {
  const match = /^(\d+)(KiB|MiB|GiB)$/.exec(text);
  if (match) return Number(match[1]) * sizeUnit[match[2] as keyof typeof sizeUnit];
  context.addIssue(`"${text}" is not a size: write a whole number with KiB, MiB or GiB, such as 512MiB`);
  return z.NEVER;
});

/** A path that means the same from everywhere. */
export const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');

export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

export const regex = z.string().transform((text, context) => {
  try {
    return new RegExp(text);
  } catch (error) {
    context.addIssue(`"${text}" is not a regular expression: ${error instanceof Error ? error.message : error}`);
    return z.NEVER;
  }
});

export const httpUrl = z.url({ protocol: /^https?$/ });
