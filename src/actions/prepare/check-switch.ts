import { type Action, StepFailed } from '../contract.ts';
import { placesOf } from './stage-dependencies.ts';

/** Whatever would stop the code phase for certain is found here, while users are still served. */
export const checkSwitch: Action = {
  describe: ({ settings }) => ({
    title: `See that ${settings.code.repository} can be switched`,
    commands: [],
    evidence: 'nothing stands in the way of code and dependencies',
    effect: 'an empty folder is moved there and back, and removed',
    expectedMs: 2_000,
  }),

  async prove(context) {
    const { world, signal } = context;
    const { staged, checkout, replaced } = placesOf(context);
    const obstacles = [
      ...(await world.code.refusals(signal)),
      ...(await world.dependencies.refusals(staged, checkout, replaced)),
    ];
    if (obstacles.length === 0) return { obstacles: 'none' };
    throw new StepFailed('refused', `the switch would fail: ${obstacles.join('; ')}`, {
      remedy: 'mend it and resume the run; where the configuration must change, close the incident and begin anew',
    });
  },
};
