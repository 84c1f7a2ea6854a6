import { rule } from '../rule.ts';

const pairs = [
  ['error-rate-moderate', 'error-rate-severe'],
  ['latency-moderate', 'latency-severe'],
] as const;

/** Who is asked depends on it: nothing could be moderate that is severe before. */
export const moderateBelowSevere = rule(['rules'], ({ rules }) =>
  pairs
    .filter(([moderate, severe]) => rules[moderate].above >= rules[severe].above)
    .map(([moderate, severe]) => ({
      path: ['rules', moderate, 'above'],
      message: `must be below rules.${severe}.above`,
    })),
);
