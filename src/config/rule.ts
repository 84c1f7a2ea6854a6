import type { PlacedFault } from './fault.ts';
import type { Config } from './schema.ts';

/** Something that no single key can be blamed for. Looks only when every section it needs is sound by itself. */
export type Rule = (sections: Partial<Config>) => readonly PlacedFault[];

export function rule<K extends keyof Config>(
  needs: readonly K[],
  check: (config: Pick<Config, K>) => readonly PlacedFault[],
): Rule {
  return (sections) => (hasAll(sections, needs) ? check(sections) : []);
}

function hasAll<K extends keyof Config>(sections: Partial<Config>, needs: readonly K[]): sections is Pick<Config, K> {
  return needs.every((name) => sections[name] !== undefined);
}
