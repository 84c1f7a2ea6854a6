import { journeySteps, mayChange } from '../journey-steps.ts';
import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;
const questions = ['health', 'balancer'] as const;

/** A probe asks all day long: what it asks must change nothing, but what a journey creates and takes away again. */
export const harmlessRequests = rule(['probes'], ({ probes }) => [
  ...sides.flatMap((side) =>
    questions.flatMap((question) => {
      const asked = probes[side][question];
      if (!asked || !mayChange(asked)) return [];
      return [{ path: ['probes', side, question, 'method'], message: said(asked.method) }];
    }),
  ),
  ...journeySteps(probes)
    .filter(({ journey, step }) => mayChange(step) && !journey.writes)
    .map(({ side, step, path }) => ({
      path: [...path, 'method'],
      message: said(step.method) + (side === 'legacy' ? ', or writes: true for the journey' : ''),
    })),
]);

const said = (method: string): string =>
  `${method} may change something: write changesNothing: true next to it if it does not`;
