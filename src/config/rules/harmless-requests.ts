import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;

/** A probe asks all day long: what it asks must change nothing. */
export const harmlessRequests = rule(['probes'], ({ probes }) =>
  sides.flatMap((side) => {
    const { method, changesNothing } = probes[side].health;
    if (method === 'GET' || method === 'HEAD' || changesNothing) return [];
    const path = ['probes', side, 'health', 'method'];
    return [{ path, message: `${method} may change something: write changesNothing: true next to it if it does not` }];
  }),
);
