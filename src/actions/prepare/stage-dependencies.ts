import { join } from 'node:path';
import { type Action, type StepContext, StepFailed } from '../contract.ts';

export const stageDependencies: Action = {
  describe: ({ dependencies, settings }) => ({
    title: 'Install the legacy dependencies beside the staged code',
    commands: dependencies.describe(join('<staged>', settings.dependencies.folder)),
    evidence: 'the installation came to its end, and every package of the lock file lies on the disk in its version',
    effect: 'writes node_modules in the staged folder',
    expectedMs: 30_000,
  }),

  async perform(context) {
    await context.world.dependencies.install(await stagedFolder(context), context.signal);
  },

  async prove(context) {
    const { dependencies } = context.world;
    const folder = await stagedFolder(context);
    const { installed, missing } = await dependencies.installed(folder, context.signal);
    if (missing.length > 0) throw new StepFailed('not-proven', `not installed: ${missing.join(', ')}`);
    if ((await dependencies.installedIn(folder)) !== folder) {
      throw new StepFailed('not-proven', `the installation in ${folder} did not come to its end`);
    }
    return { packages: Object.keys(installed).length };
  },
};

/** Where this run's packages are installed, where they go, and where those go that lie there. */
export function placesOf({ world, run }: StepContext) {
  const { code, dependencies } = world.settings;
  return {
    staged: join(code.releases, run, dependencies.folder),
    checkout: join(code.repository, dependencies.folder),
    replaced: join(code.releases, `${run}-replaced`),
  };
}

async function stagedFolder(context: StepContext): Promise<string> {
  if (await context.world.code.staged(context.run, context.signal)) return placesOf(context).staged;
  throw new StepFailed('not-proven', 'the legacy code is not staged');
}
