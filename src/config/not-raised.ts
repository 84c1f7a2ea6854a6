import type { Config } from './schema.ts';

/** A reload may take power away, never give it: `after` itself where it gives none. */
export function notRaised(before: Config, after: Config): Config {
  const mode = before.mode === 'observe' ? before.mode : after.mode;
  const containment = before.containment === 'ask' ? before.containment : after.containment;
  if (mode === after.mode && containment === after.containment) return after;
  return { ...after, mode, containment };
}
