import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Action, StepFailed } from '../contract.ts';
import { eventsSinceStart } from '../start/log-marks.ts';

/** Node writes its own warnings there, and some name errors: "non-existent property 'MongoError' ... inside circular dependency". */
const isWarning = (event: string): boolean => /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /.test(event);

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
    const events = (await eventsSinceStart(context, 'error')).filter((event) => !isWarning(event));
    const errors = events.filter((event) => errorPattern.test(event));
    if (errors.length > toleratedErrors) {
      // The application's lines may hold its customers' data: they stay in the evidence, and are in no message.
      const file = join(context.evidenceFolder, 'errors.log');
      await writeFile(file, `${errors.join('\n')}\n`, { mode: 0o600 });
      throw new StepFailed('errors-in-log', `${errors.length} errors in ${error} since the start: see ${file}`, {
        remedy: 'judge them; raise logs.toleratedErrors if they are normal for the legacy version, and resume the run',
      });
    }
    return { errors: errors.length };
  },
};
