import type { PlacedFault } from './fault.ts';
import type { Config } from './schema.ts';
import { UnsoundValue } from './sound-parts.ts';

export interface Ruling {
  readonly faults: readonly PlacedFault[];
  /** It came upon a value that is a fault by itself, and says nothing before that is mended. */
  readonly waits: boolean;
}

/** Something that no single key can be blamed for. */
export type Rule = (sections: Config) => Ruling;

/** Looks at as much of the named sections as is sound by itself: only where it needs a value that is not, it waits. */
export function rule<K extends keyof Config>(
  _needs: readonly K[],
  check: (config: Pick<Config, K>) => readonly PlacedFault[],
): Rule {
  return (sections) => attempt(() => check(sections));
}

/** Many small rules as one, so that one unsound value stops only those that need it. */
export function ruleOfMany<T>(cases: readonly T[], check: (sections: Config, each: T) => readonly PlacedFault[]): Rule {
  return (sections) => {
    const rulings = cases.map((each) => attempt(() => check(sections, each)));
    return { faults: rulings.flatMap(({ faults }) => [...faults]), waits: rulings.some(({ waits }) => waits) };
  };
}

function attempt(check: () => readonly PlacedFault[]): Ruling {
  try {
    return { faults: check(), waits: false };
  } catch (error) {
    if (error instanceof UnsoundValue) return { faults: [], waits: true };
    throw error;
  }
}
