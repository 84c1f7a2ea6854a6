import { z } from 'zod';
import { requirePerson } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { reasonText } from './reason.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const disarmArgs = z.strictObject({ reason: reasonText.default('disarmed by hand') });

/** Back to what the configuration allows. Less power takes no particular role. */
export async function disarm(
  context: CommandContext,
  caller: Caller,
  { reason }: z.infer<typeof disarmArgs>,
): Promise<CommandResult> {
  requirePerson(context, caller, 'disarm rollbackd');
  if (context.memory.state().mode !== 'armed') throw new CommandRefused('not-armed', 'rollbackd is not armed');
  const { mode } = context.settings;
  record(context, { kind: 'mode.changed', mode, person: caller.name, reason });
  return done(
    `rollbackd is disarmed: its mode is ${mode} again`,
    context.runs.busy ? ['a run is under way: it goes on'] : [],
  );
}
