import { z } from 'zod';
import { answer, answerArgs } from './answer.ts';
import type { Caller, CommandContext } from './context.ts';
import { reasonText } from './reason.ts';
import { type CommandResult, done } from './result.ts';

export const rejectArgs = z.strictObject({ ...answerArgs.shape, reason: reasonText });

/** A no to the open question. It does not release a containment: an owner does. */
export async function reject(
  context: CommandContext,
  caller: Caller,
  args: z.infer<typeof rejectArgs>,
): Promise<CommandResult> {
  const incident = answer(context, caller, args, 'rejected');
  const { state } = incident.containment;
  const stopped = state === 'begun' || state === 'proven' || state === 'failed';
  return done(
    `${incident.id} is rejected: nothing is done alone about it any more`,
    stopped ? ['the application stays stopped until somebody releases it: `rollbackd release --reason ...`'] : [],
  );
}
