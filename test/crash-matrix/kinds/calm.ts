import type { FaultKind } from '../case.ts';

/** Nothing happens: what all others are compared with. */
export const calm: FaultKind = {
  name: 'calm',
  places: () => [{ when: 'throughout', step: '', needsNobody: true }],
  strike: async () => ({ hit: true }),
};
