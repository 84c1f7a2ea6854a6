import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;
const questions = ['health', 'balancer'] as const;

/** A probe asks all day long: what it asks must change nothing. */
export const harmlessRequests = rule(['probes'], ({ probes }) =>
  sides.flatMap((side) =>
    questions.flatMap((question) => {
      const asked = probes[side][question];
      if (!asked || asked.method === 'GET' || asked.method === 'HEAD' || asked.changesNothing) return [];
      const path = ['probes', side, question, 'method'];
      return [
        { path, message: `${asked.method} may change something: write changesNothing: true next to it if it does not` },
      ];
    }),
  ),
);
