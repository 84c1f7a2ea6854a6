import type { LeftOnTarget } from '../model/left-on-target.ts';
import type { DaemonState, RunState } from './daemon-state.ts';
import { openIncidentOf } from './read-state.ts';
import { stopBegan, usersBackAt, usersMaybeBackAt } from './users-back.ts';

/** What this daemon's runs have left on the target, as far as another daemon must not act over it. */
export function leftOnTarget(state: DaemonState): LeftOnTarget | undefined {
  const rollback = [...state.runs.values()].findLast((run) => run.plan.kind === 'rollback' && hasHands(run));
  const left = rollback && leftByRollback(state, rollback);
  return left?.state === 'unfinished' ? left : (contained(state) ?? left);
}

/** A rollback that ended in its preparation has left the application as it was. */
const hasHands = (run: RunState): boolean =>
  run.status === 'running' || run.status === 'interrupted' || run.status === 'succeeded' || stopBegan(run);

function leftByRollback(state: DaemonState, rollback: RunState): LeftOnTarget | undefined {
  const { run, startedAt, endedAt, cutoverAt } = rollback;
  const unfinished: LeftOnTarget = { run, state: 'unfinished', since: startedAt, cutoverAt };
  if (endedAt === undefined) return unfinished;
  const { serving } = state;
  if (serving && serving.at >= endedAt) {
    return serving.version === 'legacy' ? { run, state: 'rolled-back', since: serving.at, cutoverAt } : undefined;
  }
  if (usersBackAt(rollback) !== undefined) {
    return { run, state: 'rolled-back', since: usersMaybeBackAt(rollback) ?? endedAt, cutoverAt };
  }
  return isSettled(state, rollback) ? undefined : unfinished;
}

/** By a person: with the incident that it belongs to, or by itself where it belongs to none. */
function isSettled({ incidents }: DaemonState, { incident, acknowledgedBy }: RunState): boolean {
  const about = incident === undefined ? undefined : incidents.get(incident);
  return about ? about.status === 'closed' : acknowledgedBy !== undefined;
}

function contained(state: DaemonState): LeftOnTarget | undefined {
  const containment = openIncidentOf(state)?.containment;
  if (!containment || containment.state === 'none' || containment.state === 'released') return undefined;
  return { run: containment.run, state: 'contained', since: containment.at };
}
