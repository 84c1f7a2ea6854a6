import { rule } from '../rule.ts';

const names = ['unavailable', 'database-connection'] as const;

/** Nothing can be bad for longer than all the time that is looked at. */
export const withinLonger = rule(['rules'], ({ rules }) => [
  ...names
    .filter((name) => rules[name].within <= rules[name].for)
    .map((name) => ({ path: ['rules', name, 'within'], message: 'must be longer than `for`' })),
  ...(rules.unavailable.warnAfter > rules.unavailable.within
    ? [{ path: ['rules', 'unavailable', 'warnAfter'], message: 'must not be longer than `within`' }]
    : []),
]);
