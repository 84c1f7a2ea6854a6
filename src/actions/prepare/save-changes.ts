import { type Action, StepFailed } from '../contract.ts';

/** Reading every file of a large checkout takes seconds: done while users are served, so that the switch reads only what was touched since. */
export const saveChanges: Action = {
  describe: ({ code, settings }) => ({
    title: `Save the local changes in ${settings.code.repository}`,
    commands: code.describe('saveLocalChanges'),
    evidence: 'refs/rollbackd/<run> holds every file that the switch would take away, as it is now',
    effect: 'adds a commit beside the branches; neither files nor index of the checkout are touched',
    expectedMs: 3_000,
  }),

  async perform({ world, run, signal }) {
    await world.code.saveLocalChanges(run, signal);
  },

  async prove({ world, run, signal }) {
    const saved = await world.code.saved(run, signal);
    if (saved === undefined) throw new StepFailed('not-proven', 'the local changes in the checkout are not saved');
    return { files: saved.files, ...(saved.ref !== undefined && { ref: saved.ref }) };
  },
};
