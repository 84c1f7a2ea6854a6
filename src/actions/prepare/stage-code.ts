import { type Action, StepFailed } from '../contract.ts';

export const stageCode: Action = {
  describe: ({ code, settings }, { legacyCommit }) => ({
    title: `Stage ${settings.code.legacyRef} (${legacyCommit.slice(0, 10)}) in its own folder`,
    commands: code.describe('stage'),
    evidence: `the folder's HEAD is ${legacyCommit.slice(0, 10)}`,
    effect: `adds a folder under ${settings.code.releases}; the checkout is not touched`,
    expectedMs: 2_000,
  }),

  async perform({ world, run, signal }) {
    await world.code.stage(run, signal);
  },

  async prove({ world, run, legacyCommit, signal }) {
    const staged = await world.code.staged(run, signal);
    if (staged?.commit !== legacyCommit) {
      throw new StepFailed('not-proven', `the legacy code is not staged at ${legacyCommit.slice(0, 10)}`);
    }
    return { folder: staged.folder, commit: staged.commit };
  },
};
