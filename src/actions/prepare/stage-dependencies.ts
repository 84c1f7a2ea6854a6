import { join } from 'node:path';
import { type Action, type StepContext, StepFailed } from '../contract.ts';

export const stageDependencies: Action = {
  describe: ({ dependencies, settings }) => ({
    title: 'Install the legacy dependencies beside the staged code',
    commands: dependencies.describe(join('<staged>', settings.dependencies.folder)),
    evidence: 'every dependency of package.json lies on the disk in the version that the lock file names',
    effect: 'writes node_modules in the staged folder',
    expectedMs: 30_000,
  }),

  async perform(context) {
    await context.world.dependencies.install(await stagedFolder(context), context.signal);
  },

  async prove(context) {
    const { installed, missing } = await context.world.dependencies.installed(
      await stagedFolder(context),
      context.signal,
    );
    if (missing.length > 0) throw new StepFailed('not-proven', `not installed: ${missing.join(', ')}`);
    return { packages: Object.keys(installed).length };
  },
};

export async function stagedFolder({ world, run, signal }: StepContext): Promise<string> {
  const staged = await world.code.staged(run, signal);
  if (!staged) throw new StepFailed('not-proven', 'the legacy code is not staged');
  return join(staged.folder, world.settings.dependencies.folder);
}
