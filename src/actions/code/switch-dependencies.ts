import { type Action, StepFailed } from '../contract.ts';
import { placesOf } from '../prepare/stage-dependencies.ts';

export const switchDependencies: Action = {
  describe: ({ settings }) => ({
    title: 'Move the staged dependencies into the checkout',
    commands: [],
    evidence: 'what this run has installed lies there, every package of the lock file in its version',
    effect: `node_modules is replaced; the old one is kept under ${settings.code.releases}`,
    expectedMs: 500,
  }),

  async perform(context) {
    const { staged, checkout, replaced } = placesOf(context);
    await context.world.dependencies.moveIn(staged, checkout, replaced);
  },

  async prove(context) {
    const { dependencies } = context.world;
    const { staged, checkout } = placesOf(context);
    // The same packages may lie there from before, with what their scripts made for the unified code. Looked at first: npm takes a second to tell the rest.
    if ((await dependencies.installedIn(checkout)) !== staged) {
      throw new StepFailed('not-proven', `what lies in ${checkout}/node_modules is not what this run has staged`);
    }
    const { installed, missing } = await dependencies.installed(checkout, context.signal);
    if (missing.length > 0) throw new StepFailed('not-proven', `not installed: ${missing.join(', ')}`);
    return { packages: Object.keys(installed).length };
  },
};
