import { rule } from '../rule.ts';

/** Before a rollback the unified application is in production: nothing is created there. */
export const noUnifiedWrites = rule(['probes'], ({ probes }) =>
  probes.unified.creates
    ? [
        {
          path: ['probes', 'unified', 'creates'],
          message: 'is for the legacy probes only: production is not written to',
        },
      ]
    : [],
);
