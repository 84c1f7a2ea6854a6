import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { durationOrZero } from '../core/scalars.ts';
import { requirePerson } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { reasonText } from './reason.ts';
import { record } from './record.ts';
import { type CommandResult, done } from './result.ts';

/** A pause that nobody remembers must end by itself. */
const longest = 7 * 24 * 3_600_000;

export const pauseArgs = z.strictObject({
  reason: reasonText,
  for: durationOrZero
    .refine((ms) => ms > 0, 'a pause must last longer than no time at all')
    .refine((ms) => ms <= longest, `a pause lasts at most ${formatDuration(longest)}`)
    .prefault('1h'),
});

/** Acting is suspended, looking is not. A pause under way is replaced. */
export async function pause(
  context: CommandContext,
  caller: Caller,
  { reason, for: lasting }: z.infer<typeof pauseArgs>,
): Promise<CommandResult> {
  requirePerson(context, caller, 'pause rollbackd');
  const until = context.clock.now() + lasting;
  record(context, { kind: 'acting.paused', person: caller.name, reason, until });
  return done(
    `acting is paused for ${formatDuration(lasting)}, until ${new Date(until).toISOString()}: rollbackd looks on and tells`,
    context.runs.busy ? ['a run is under way: it goes on'] : [],
  );
}
