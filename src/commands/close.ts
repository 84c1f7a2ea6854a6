import { z } from 'zod';
import { openIncidentOf } from '../incident/read-state.ts';
import type { Incident } from '../incident/state.ts';
import { version } from '../model/version.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { refuseWhileBusy } from './free-to-act.ts';
import { reasonText } from './reason.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { requireServing } from './require-serving.ts';
import { type CommandResult, done } from './result.ts';

export const closeArgs = z.strictObject({
  incident: z.string().optional(),
  reason: reasonText,
  /** What serves now: asked for where a rollback failed half-way. */
  serving: version.optional(),
});

/** A person says that the matter is settled. Not while the application is stopped: nobody would be reminded of it. */
export async function close(
  context: CommandContext,
  caller: Caller,
  { incident: wanted, reason, serving }: z.infer<typeof closeArgs>,
): Promise<CommandResult> {
  requireRole(context, caller, leaders, 'close an incident');
  refuseWhileBusy(context);
  const state = context.memory.state();
  const incident = closable(openIncidentOf(state), wanted);
  if (incident.status === 'rollback-failed') requireServing(state.runs.get(incident.run), serving, 'close');
  const { id } = incident;
  record(context, {
    kind: 'incident.closed',
    incident: id,
    outcome: 'resolved-by-person',
    reason: `${caller.name}: ${reason}`,
    ...(serving && { serving }),
  });
  return done(`${id} is closed`);
}

function closable(incident: Incident | undefined, wanted: string | undefined): Incident {
  if (!incident || (wanted !== undefined && wanted !== incident.id)) {
    const what = wanted === undefined ? 'no incident is open' : `${wanted} is not the open incident`;
    throw new CommandRefused('no-such-incident', what);
  }
  const { state } = incident.containment;
  const stopped = state === 'begun' || state === 'proven' || state === 'failed';
  if (stopped && incident.status !== 'rollback-failed') {
    throw new CommandRefused('not-closable', `the application is still contained in ${incident.id}`, {
      remedy: 'release it first: `rollbackd release --reason ...`',
    });
  }
  return incident;
}
