import { access, constants, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explain } from '../../core/errors.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { realPath } from '../real-path.ts';
import { placesOf } from './stage-dependencies.ts';

/** Whatever would stop the code phase for certain is found here, while users are still served. */
export const checkSwitch: Action = {
  describe: ({ settings }) => ({
    title: `See that ${settings.code.repository} can be switched`,
    commands: [],
    evidence: 'nothing stands in the way of code, dependencies, environment file and freeze marker',
    effect:
      'an empty folder is moved there and back, and an empty file is written beside the freeze marker; both are removed',
    expectedMs: 2_000,
  }),

  async prove(context) {
    const { world, signal } = context;
    const { staged, checkout, replaced } = placesOf(context);
    const obstacles = [
      ...(await world.code.refusals(signal)),
      ...(await world.dependencies.refusals(staged, checkout, replaced)),
      ...(await environmentObstacles(context)),
      ...(await freezeObstacles(context)),
    ];
    if (obstacles.length === 0) return { obstacles: 'none' };
    throw new StepFailed('refused', `the switch would fail: ${obstacles.join('; ')}`, {
      remedy: 'mend it and resume the run; where the configuration must change, close the incident and begin anew',
    });
  },
};

async function environmentObstacles({ world }: StepContext): Promise<string[]> {
  const folder = dirname(await realPath(world.settings.env.file));
  return await access(folder, constants.W_OK).then(
    () => [],
    (error: unknown) => [`env.file cannot be replaced: ${explain(error)}`],
  );
}

async function freezeObstacles({ world }: StepContext): Promise<string[]> {
  const { freezeFile } = world.settings.rollback;
  const probe = `${freezeFile}.rollbackd-test`;
  try {
    await writeFile(probe, '');
    await rm(probe);
    const found = await stat(freezeFile).catch(() => undefined);
    return found?.isDirectory() ? [`rollback.freezeFile ${freezeFile} is a folder`] : [];
  } catch (error) {
    return [`rollback.freezeFile cannot be written: ${explain(error)}`];
  }
}
