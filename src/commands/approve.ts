import { z } from 'zod';
import { answer, answerArgs } from './answer.ts';
import { stillTakes, whoCouldAnswer } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { reasonText } from './reason.ts';
import { type CommandResult, done } from './result.ts';

export const approveArgs = z.strictObject({ ...answerArgs.shape, reason: reasonText.optional() });

/** A yes to the open question: bound to its incident, revision, plan and evidence. */
export async function approve(
  context: CommandContext,
  caller: Caller,
  args: z.infer<typeof approveArgs>,
): Promise<CommandResult> {
  const incident = answer(context, caller, args, 'approved');
  if (incident.status !== 'awaiting-approval') return done(`${incident.id} is approved: the rollback begins`);
  return done(`your yes to ${incident.id} is recorded; it still takes ${stillTakes(incident)}`, [
    whoCouldAnswer(context.settings.people, incident),
  ]);
}
