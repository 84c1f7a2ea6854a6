import { type Action, StepFailed } from '../contract.ts';
import { eventsSinceStart } from '../start/log-marks.ts';

export const checkErrorLog: Action = {
  describe: ({ settings }) => ({
    title: `Read ${settings.logs.error} since the start`,
    commands: [],
    evidence: `at most ${settings.logs.toleratedErrors} events match ${settings.logs.errorPattern.source}`,
    effect: 'nothing',
    expectedMs: 200,
  }),

  async prove(context) {
    const { errorPattern, toleratedErrors, error } = context.world.settings.logs;
    const errors = (await eventsSinceStart(context, 'error')).filter((event) => errorPattern.test(event));
    if (errors.length > toleratedErrors) {
      throw new StepFailed(
        'errors-in-log',
        `${errors.length} errors in ${error} since the start, first: ${errors[0]?.slice(0, 300)}`,
        {
          remedy: 'judge them; raise logs.toleratedErrors if they are normal for the legacy version',
        },
      );
    }
    return { errors: errors.length };
  },
};
