import { rule } from '../rule.ts';

export const twoAddresses = rule(['target'], ({ target }) =>
  new URL(target.applicationUrl).origin === new URL(target.publicUrl).origin
    ? [{ path: ['target', 'publicUrl'], message: 'is applicationUrl again: it must lead through the balancer' }]
    : [],
);
