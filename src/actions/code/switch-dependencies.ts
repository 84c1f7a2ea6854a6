import { join } from 'node:path';
import { type Action, StepFailed } from '../contract.ts';
import { stagedFolder } from '../prepare/stage-dependencies.ts';

export const switchDependencies: Action = {
  describe: ({ settings }) => ({
    title: 'Move the staged dependencies into the checkout',
    commands: [],
    evidence: 'every dependency of package.json lies on the disk in the version that the lock file names',
    effect: `node_modules is replaced; the old one is kept under ${settings.code.releases}`,
    expectedMs: 500,
  }),

  async perform(context) {
    const { code, dependencies } = context.world.settings;
    await context.world.dependencies.moveIn(
      await stagedFolder(context),
      join(code.repository, dependencies.folder),
      join(code.releases, `${context.run}-replaced`),
    );
  },

  async prove({ world, signal }) {
    const { code, dependencies } = world.settings;
    const { installed, missing } = await world.dependencies.installed(
      join(code.repository, dependencies.folder),
      signal,
    );
    if (missing.length > 0) throw new StepFailed('not-proven', `not installed: ${missing.join(', ')}`);
    return { packages: Object.keys(installed).length };
  },
};
