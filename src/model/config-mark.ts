import { z } from 'zod';

/** What is remembered of a configuration without any of its values: enough to say what has changed since. */
export const configMark = z.strictObject({
  /** Changes with every value. */
  hash: z.string(),
  /** Changes with every value that could lead a write elsewhere, or loosen what guards it. */
  binding: z.string(),
  /** Of each such value a few digits, too few to guess a secret by: they only name what has changed. */
  parts: z.record(z.string(), z.string()),
});
export type ConfigMark = z.infer<typeof configMark>;

/** Paths of the binding values that are not the same, or only in one of the two. */
export function changedParts(before: ConfigMark, now: ConfigMark): string[] {
  const paths = new Set([...Object.keys(before.parts), ...Object.keys(now.parts)]);
  return [...paths].filter((path) => before.parts[path] !== now.parts[path]).sort();
}
