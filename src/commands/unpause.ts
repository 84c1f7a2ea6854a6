import { z } from 'zod';
import { requirePerson } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { pauseInForce } from './free-to-act.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const unpauseArgs = z.strictObject({});

export async function unpause(context: CommandContext, caller: Caller): Promise<CommandResult> {
  requirePerson(context, caller, 'end a pause');
  const paused = pauseInForce(context);
  if (!paused) throw new CommandRefused('not-paused', 'acting is not paused');
  record(context, { kind: 'acting.unpaused', person: caller.name });
  return done(`the pause of ${paused.person} is over (${paused.reason})`);
}
