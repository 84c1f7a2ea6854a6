import { type Action, StepFailed } from '../contract.ts';

/** The staged folder has given its packages away: what is left of it would only be taken for something. */
export const removeStaging: Action = {
  describe: ({ settings }) => ({
    title: `Remove this run's folder under ${settings.code.releases}`,
    commands: [],
    evidence: 'nothing is staged any more',
    effect: 'removes a work tree that rollbackd made; what was replaced is kept',
    expectedMs: 500,
  }),

  perform: ({ world, run, signal }) => world.code.unstage(run, signal),

  async prove({ world, run, signal }) {
    const staged = await world.code.staged(run, signal);
    if (staged) throw new StepFailed('not-proven', `${staged.folder} is still there`);
    return { staged: 'nothing' };
  },
};
