import { join } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';

/**
 * The staged folder has given its packages away: what is left of it would only be taken for something.
 * Users are served by now, so a folder that cannot be removed is told, and fails nothing.
 */
export const removeStaging: Action = {
  describe: ({ settings }) => ({
    title: `Remove this run's folder under ${settings.code.releases}`,
    commands: [],
    evidence: 'nothing is staged any more, or what was left behind is named',
    effect:
      'removes a work tree that rollbackd made; what was replaced is kept, and what earlier runs have left is named',
    expectedMs: 500,
  }),

  async perform({ world, run, signal }) {
    await world.code.unstage(run, signal).catch(() => signal.throwIfAborted());
  },

  async prove(context) {
    const { world, run, patient, signal } = context;
    const folder = join(world.settings.code.releases, run);
    const others = await leftBehind(context);
    const staged = await world.code.staged(run, signal).catch(() => signal.throwIfAborted());
    if (!staged && !(await pathExists(folder))) return { staged: 'nothing', ...others };
    if (!patient) throw new StepFailed('not-proven', `${folder} is still there`);
    return { staged: `left behind: ${folder}`, ...others };
  },
};

/** Runs that failed or were given up never came to this step. Theirs may still be looked at by somebody. */
async function leftBehind({ world, run, signal }: StepContext): Promise<{ earlierRuns?: string }> {
  const staged = (await world.code.stagedRuns(signal).catch(() => signal.throwIfAborted())) ?? [];
  const others = staged.filter((name) => name !== run);
  return others.length > 0
    ? { earlierRuns: others.map((name) => join(world.settings.code.releases, name)).join(', ') }
    : {};
}
