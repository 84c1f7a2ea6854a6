import { z } from 'zod';
import type { DaemonState, RunState } from '../incident/daemon-state.ts';
import { isContained } from '../incident/leaks-on.ts';
import { openIncidentOf, runUnderWay } from '../incident/read-state.ts';
import type { Incident } from '../incident/state.ts';
import { stopBegan } from '../incident/users-back.ts';
import type { EventBody } from '../model/event.ts';
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

/**
 * A person says that the matter is settled; a rollback that was cut off is given up with it. Not while the application is
 * stopped by a containment: nobody would be reminded of it.
 */
export async function close(
  context: CommandContext,
  caller: Caller,
  { incident: wanted, reason, serving }: z.infer<typeof closeArgs>,
): Promise<CommandResult> {
  requireRole(context, caller, leaders, 'close an incident');
  refuseWhileBusy(context);
  const why = `${caller.name}: ${reason}`;
  const state = context.memory.state();
  const cutOff = cutOffRollback(state);
  const said = serving && { serving };
  const lone = wanted === undefined && state.openIncident === undefined && cutOff?.incident === undefined;
  if (cutOff && lone) {
    requireServing(cutOff, serving, 'close');
    record(context, givenUp(cutOff, why), { kind: 'run.acknowledged', run: cutOff.run, person: caller.name, ...said });
    return done(`${cutOff.run} is given up: it never goes on`);
  }
  const incident = closable(openIncidentOf(state), wanted, cutOff);
  const { id } = incident;
  const failed = incident.status === 'rollback-failed' ? state.runs.get(incident.run) : undefined;
  const closed = {
    kind: 'incident.closed',
    incident: id,
    outcome: 'resolved-by-person',
    reason: why,
    ...said,
  } as const;
  if (cutOff?.incident !== id) {
    requireServing(failed, serving, 'close');
    record(context, closed);
    return done(`${id} is closed`);
  }
  if (isContained(incident) && !stopBegan(cutOff)) {
    record(context, givenUp(cutOff, why));
    return done(`${cutOff.run} is given up: it never goes on`, [
      `the application stays contained in ${id}: release it, or roll back anew`,
    ]);
  }
  requireServing(cutOff, serving, 'close');
  record(context, givenUp(cutOff, why), closed);
  return done(`${id} is closed, and ${cutOff.run} is given up: it never goes on`);
}

/** Interrupted, and not gone on since: its daemon could not take it up. */
function cutOffRollback(state: DaemonState): RunState | undefined {
  const run = runUnderWay(state);
  return run?.status === 'interrupted' && run.plan.kind === 'rollback' ? run : undefined;
}

const givenUp = ({ run }: RunState, why: string): EventBody => ({
  kind: 'run.finished',
  run,
  outcome: 'failed',
  reason: `given up by ${why}`,
});

function closable(incident: Incident | undefined, wanted: string | undefined, cutOff: RunState | undefined): Incident {
  if (!incident || (wanted !== undefined && wanted !== incident.id)) {
    const what = wanted === undefined ? 'no incident is open' : `${wanted} is not the open incident`;
    throw new CommandRefused('no-such-incident', what);
  }
  if (isContained(incident) && incident.status !== 'rollback-failed' && cutOff?.incident !== incident.id) {
    throw new CommandRefused('not-closable', `the application is still contained in ${incident.id}`, {
      remedy:
        incident.containment.state === 'begun'
          ? 'its containment was interrupted: `rollbackd resume`, then `rollbackd release --reason ...`'
          : 'release it first: `rollbackd release --reason ...`',
    });
  }
  return incident;
}
