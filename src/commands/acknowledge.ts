import { z } from 'zod';
import type { RunState } from '../incident/daemon-state.ts';
import { endedWithUsersBack } from '../incident/users-back.ts';
import { version } from '../model/version.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { requireServing } from './require-serving.ts';
import { type CommandResult, done } from './result.ts';

export const acknowledgeArgs = z.strictObject({
  run: z.string().optional(),
  /** What serves now: asked for where the run failed half-way and belongs to no incident. */
  serving: version.optional(),
});

/** A person has looked at a run; until then there is no second automatic one. */
export async function acknowledge(
  context: CommandContext,
  caller: Caller,
  { run: wanted, serving }: z.infer<typeof acknowledgeArgs>,
): Promise<CommandResult> {
  requireRole(context, caller, leaders, 'acknowledge a run');
  const known = acknowledgeable(context, wanted);
  const { run } = known;
  if (leftAlone(known)) requireServing(known, serving, 'acknowledge');
  record(context, { kind: 'run.acknowledged', run, person: caller.name, ...(serving && { serving }) });
  return done(`${run} is acknowledged by ${caller.name}`);
}

function acknowledgeable({ memory }: CommandContext, wanted: string | undefined): RunState {
  const runs = [...memory.state().runs.values()];
  const found = wanted === undefined ? runs.findLast(isWaiting) : runs.find(({ run }) => run === wanted);
  if (!found) {
    throw new CommandRefused('no-such-run', wanted === undefined ? 'no run waits for it' : `there is no run ${wanted}`);
  }
  if (found.acknowledgedBy !== undefined) {
    throw new CommandRefused('not-acknowledgeable', `${found.acknowledgedBy} has acknowledged ${found.run} already`);
  }
  if (!hasEnded(found)) throw new CommandRefused('not-acknowledgeable', `${found.run} has not ended`);
  return found;
}

/** No incident goes on about it: with the acknowledgement the matter is settled. */
const leftAlone = (run: RunState) =>
  run.incident === undefined && run.status === 'failed' && run.plan.kind === 'rollback' && !endedWithUsersBack(run);

const hasEnded = ({ status }: RunState) => status === 'succeeded' || status === 'failed';
const isWaiting = (run: RunState) => hasEnded(run) && run.acknowledgedBy === undefined;
