import { rule } from '../rule.ts';

const names = ['error-rate-severe', 'error-rate-moderate', 'latency-severe', 'latency-moderate'] as const;

/** What ends a breach at the number that makes one would flap between the two. */
export const clearBelowAbove = rule(['rules'], ({ rules }) =>
  names
    .filter((name) => rules[name].clear >= rules[name].above)
    .map((name) => ({ path: ['rules', name, 'clear'], message: 'must be below `above`: else it flaps' })),
);
