import { rule } from '../rule.ts';

/** Before a rollback the unified application is in production: nothing is created there. */
export const noUnifiedWrites = rule(['probes'], ({ probes: { unified } }) => {
  const writing = [
    ...(unified.creates ? [['creates']] : []),
    ...unified.journeys.flatMap(({ writes }, index) => (writes ? [['journeys', index, 'writes']] : [])),
  ];
  return writing.map((path) => ({
    path: ['probes', 'unified', ...path],
    message: 'is for the legacy probes only: production is not written to',
  }));
});
