import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;

export const journeyNames = rule(['probes'], ({ probes }) =>
  sides.flatMap((side) => {
    const { journeys } = probes[side];
    const twice = repeated(journeys, ({ name }) => name).map(([index, before]) => ({
      path: ['probes', side, 'journeys', index, 'name'],
      message: `is the name of probes.${side}.journeys[${before}] already`,
    }));
    const steps = journeys.flatMap((journey, position) =>
      repeated(journey.steps, ({ name }) => name).map(([index, before]) => ({
        path: ['probes', side, 'journeys', position, 'steps', index, 'name'],
        message: `is the name of steps[${before}] already`,
      })),
    );
    return [...twice, ...steps];
  }),
);
