import { z } from 'zod';
import type { RunState } from '../incident/daemon-state.ts';
import { settledAs } from '../incident/settled.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { refuseWhileBusy, refuseWhilePaused } from './free-to-act.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const resumeArgs = z.strictObject({ run: z.string().optional() });

/** Goes on with the newest run where it failed or was interrupted. What must still hold is proven again first. */
export async function resume(
  context: CommandContext,
  caller: Caller,
  { run: wanted }: z.infer<typeof resumeArgs>,
): Promise<CommandResult> {
  requireRole(context, caller, leaders, 'resume a run');
  refuseWhilePaused(context);
  refuseWhileBusy(context);
  const run = resumable(context, wanted);
  await context.runs.resume(run, caller.name);
  return done(`${run.run} goes on: follow it with \`rollbackd status\``);
}

function resumable({ memory }: CommandContext, wanted: string | undefined): RunState {
  const { runs } = memory.state();
  const newest = [...runs.values()].at(-1);
  if (!newest || (wanted !== undefined && !runs.has(wanted))) {
    throw new CommandRefused(
      'no-such-run',
      wanted === undefined ? 'there has been no run' : `there is no run ${wanted}`,
    );
  }
  if (wanted !== undefined && wanted !== newest.run) {
    throw new CommandRefused('not-resumable', `${wanted} is followed by a later run, ${newest.run}`, {
      remedy: 'make a new plan with `rollbackd rollback`',
    });
  }
  if (newest.status !== 'failed' && newest.status !== 'interrupted') {
    throw new CommandRefused('not-resumable', `${newest.run} has ${newest.status}: there is nothing to resume`);
  }
  const settled = settledAs(memory.state(), newest);
  if (settled === undefined) return newest;
  throw new CommandRefused(
    'not-resumable',
    `${newest.run} does not go on: ${settled}, and users may be back by other hands`,
    {
      remedy:
        'look at what serves now; if it must be rolled back, make a new plan with `rollbackd rollback --reason ...`',
    },
  );
}
