import { z } from 'zod';
import { openIncidentOf } from '../incident/read-state.ts';
import type { Incident } from '../incident/state.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { refuseWhileBusy } from './free-to-act.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const releaseArgs = z.strictObject({ reason: z.string().min(1) });

/**
 * Lets a contained application serve again without a rollback. Whoever does it owns what it then serves.
 * Written down when it begins and when it is done: cut off in between, it counts as neither stopped nor serving, and can be given again.
 */
export async function release(
  context: CommandContext,
  caller: Caller,
  { reason }: z.infer<typeof releaseArgs>,
): Promise<CommandResult> {
  requireRole(context, caller, leaders, 'release a containment');
  refuseWhileBusy(context);
  const incident = releasable(openIncidentOf(context.memory.state()));
  record(context, { kind: 'containment.releasing', incident: incident.id, person: caller.name });
  await context.release(incident.id, context.signal);
  record(context, { kind: 'containment.released', incident: incident.id, person: caller.name, reason });
  return done(`the containment of ${incident.id} is released: the application serves again as it was`, [
    `whatever made rollbackd stop it (${incident.criterion}) is served again unless somebody has mended it`,
  ]);
}

function releasable(incident: Incident | undefined): Incident {
  if (!incident || (incident.containment.state !== 'proven' && incident.containment.state !== 'failed')) {
    throw new CommandRefused('not-contained', 'nothing is contained now');
  }
  switch (incident.status) {
    case 'open':
    case 'awaiting-approval':
    case 'rejected':
      return incident;
    case 'approved':
      throw new CommandRefused(
        'not-releasable',
        `${incident.people.join(' and ')} approved a rollback: it is about to begin`,
      );
    case 'rolling-back':
    case 'rollback-failed':
    case 'rolled-back':
    case 'watching':
      throw new CommandRefused(
        'not-releasable',
        `a rollback has begun (${incident.run}): the old application is not started again`,
        {
          remedy: 'let the rollback finish, or `rollbackd resume` it',
        },
      );
    case 'closed':
      throw new CommandRefused('not-contained', `${incident.id} is closed`);
  }
}
