import { join } from 'node:path';
import { type Action, StepFailed } from '../contract.ts';

export const switchCode: Action = {
  describe: ({ code, settings }, { legacyCommit }) => ({
    title: `Move ${settings.code.repository} to ${settings.code.legacyRef} (${legacyCommit.slice(0, 10)})`,
    commands: code.describe('switchToLegacy'),
    evidence: 'HEAD is the legacy commit, no tracked file differs from it, and every file to keep is back in its place',
    effect: 'what has changed since the preparation is saved first; untracked and ignored files stay',
    expectedMs: 2_000,
  }),

  async perform({ world, run, signal }) {
    await world.code.switchToLegacy(run, signal);
  },

  async prove({ world, run, legacyCommit, signal }) {
    const commit = await world.code.currentCommit(signal);
    if (commit !== legacyCommit) throw new StepFailed('not-proven', `the checkout is at ${commit.slice(0, 10)}`);
    const installed = join(world.settings.dependencies.folder, 'node_modules');
    const differences = await world.code.differences(run, [installed], signal);
    if (differences.length > 0) {
      throw new StepFailed('not-proven', `files differ from the legacy commit: ${differences.slice(0, 10).join(', ')}`);
    }
    const waiting = await world.code.notPutBack(run, signal);
    if (waiting.length > 0) {
      throw new StepFailed('not-proven', `files to keep are not put back yet: ${waiting.join(', ')}`);
    }
    return { commit };
  },
};
