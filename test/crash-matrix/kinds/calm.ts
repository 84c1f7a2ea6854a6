import type { FaultKind } from '../case.ts';

/** Nothing happens: what all others are compared with. */
export const calm: FaultKind = {
  name: 'calm',
  needsNobody: true,
  places: () => [{ when: 'throughout', step: '' }],
  strike: async () => ({ hit: true }),
};
