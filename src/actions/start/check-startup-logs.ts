import { type Action, StepFailed } from '../contract.ts';
import { until } from '../until.ts';
import { eventsSinceStart } from './log-marks.ts';

export const checkStartupLogs: Action = {
  describe: ({ settings }) => ({
    title: 'Look for the lines that the legacy application writes when it starts well',
    commands: [],
    evidence: settings.logs.startupLines.map(({ source }) => source).join(' · ') || 'none are configured',
    effect: 'nothing',
    expectedMs: 500,
  }),

  async prove(context) {
    const { clock, settings } = context.world;
    const wanted = settings.logs.startupLines;
    const missingIn = (events: readonly string[]) => wanted.filter((line) => !events.some((event) => line.test(event)));
    const missing = await until(
      async () => missingIn(await eventsSinceStart(context, 'output')),
      (left) => left.length === 0,
      { forMs: settings.process.timeout, everyMs: 200, clock, signal: context.signal },
    );
    if (missing.length > 0) {
      const lines = missing.map(({ source }) => source).join(' · ');
      throw new StepFailed('not-proven', `not found in ${settings.logs.output}: ${lines}`, {
        remedy:
          'read the log; correct logs.startupLines if the legacy version words them otherwise, and resume the run',
      });
    }
    return { found: wanted.length };
  },
};
