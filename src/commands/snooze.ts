import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { duration } from '../core/scalars.ts';
import { openIncidentOf } from '../incident/read-state.ts';
import { requirePerson } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

/** Quiet that nobody remembers must end by itself. */
const longest = 4 * 3_600_000;

export const snoozeArgs = z.strictObject({
  incident: z.string().optional(),
  for: duration
    .refine((ms) => ms > 0 && ms <= longest, `reminders are snoozed for at most ${formatDuration(longest)}`)
    .prefault('30m'),
});

/** Reminders of the open incident rest; looking does not, and whatever becomes worse is told all the same. */
export async function snooze(
  context: CommandContext,
  caller: Caller,
  { incident: wanted, for: lasting }: z.infer<typeof snoozeArgs>,
): Promise<CommandResult> {
  requirePerson(context, caller, 'snooze reminders');
  const open = openIncidentOf(context.memory.state());
  if (!open || (wanted !== undefined && wanted !== open.id)) {
    const what = wanted === undefined ? 'no incident is open' : `${wanted} is not the open incident`;
    throw new CommandRefused('no-such-incident', what);
  }
  const until = context.clock.now() + lasting;
  record(context, { kind: 'incident.snoozed', incident: open.id, person: caller.name, until });
  return done(
    `nobody is reminded of ${open.id} for ${formatDuration(lasting)}, until ${new Date(until).toISOString()}`,
    ['rollbackd looks on: whatever becomes worse is told, and deadlines stay'],
  );
}
