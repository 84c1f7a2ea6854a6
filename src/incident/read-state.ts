import type { Mode } from '../model/mode.ts';
import type { DaemonState, RunState } from './daemon-state.ts';
import { settledAs } from './settled.ts';
import type { Incident } from './state.ts';
import { stopBegan, touchedAnything, usersBackAt, usersMaybeBackAt } from './users-back.ts';

export const openIncidentOf = ({ incidents, openIncident }: DaemonState): Incident | undefined =>
  openIncident === undefined ? undefined : incidents.get(openIncident);

/** The run that has the floor: one at a time, from its start to its end, crashes included. */
export const runUnderWay = ({ runs }: DaemonState): RunState | undefined =>
  [...runs.values()].find(({ status }) => status === 'running' || status === 'interrupted');

export const lastRollbackOf = ({ runs }: DaemonState): RunState | undefined =>
  [...runs.values()].filter(({ plan }) => plan.kind === 'rollback').at(-1);

export interface UsersBack {
  readonly run: string;
  readonly startedAt: number;
  /** The cut-over that it rolled back from. */
  readonly cutoverAt?: number | undefined;
  readonly since: number;
  /** The run did not let them in, but people have settled the matter since: they may have. */
  readonly byHand: boolean;
}

/** The newest rollback after which users may be working in the legacy databases. */
export function usersBackBy(state: DaemonState): UsersBack | undefined {
  return [...state.runs.values()].map((run) => usersBackAfter(state, run)).findLast((back) => back !== undefined);
}

function usersBackAfter(state: DaemonState, run: RunState): UsersBack | undefined {
  const { run: id, startedAt, cutoverAt, endedAt = startedAt } = run;
  const since = usersMaybeBackAt(run);
  if (since !== undefined) return { run: id, startedAt, cutoverAt, since, byHand: false };
  const byHand = run.plan.kind === 'rollback' && stopBegan(run) && settledAs(state, run) !== undefined;
  return byHand ? { run: id, startedAt, cutoverAt, since: endedAt, byHand } : undefined;
}

/** When the arming ran out; `undefined` while it holds, or where there is none. */
export const lapsedAt = ({ mode, armed }: DaemonState, now: number): number | undefined =>
  mode === 'armed' && armed && now >= armed.until ? armed.until : undefined;

/** Armed only until the moment that was given with it, whether or not its end has been written down yet. */
export const modeInForce = (state: DaemonState, now: number): Mode =>
  lapsedAt(state, now) === undefined ? state.mode : state.baseMode;

/** The half of the guards' facts that the journal knows. */
export function journalFacts(state: DaemonState, now: number) {
  const last = lastRollbackOf(state);
  return {
    mode: modeInForce(state, now),
    armed: state.armed,
    paused: state.paused,
    runUnderWay: runUnderWay(state)?.run,
    lastRollback: last && {
      run: last.run,
      endedAt: last.endedAt,
      touched: touchedAnything(last),
      automatic: last.authority.by === 'daemon',
      acknowledged: last.acknowledgedBy !== undefined,
    },
    usersBack: usersBackBy(state),
  };
}

/** What has been done already, as far as it changes how verdicts are read. */
export function standingOf(state: DaemonState) {
  const incident = openIncidentOf(state);
  const run = runUnderWay(state);
  return {
    containment: incident?.containment.state ?? 'none',
    stoppedByRun: inOurHands(run) || incident?.status === 'rollback-failed' || failedAlone(state),
    watching: state.watch !== undefined || incident?.status === 'rolled-back',
    rejectedFor: incident?.rejectedFor ?? [],
    frozen: incident?.frozen?.decision.verdicts ?? [],
  };
}

/** A rollback has the application in its hands from the first step that stops it until it lets users in. */
const inOurHands = (run: RunState | undefined): boolean =>
  run?.plan.kind === 'rollback' && stopBegan(run) && usersBackAt(run) === undefined;

/** A person's rollback without an incident that failed, and that nobody has acknowledged: the application is still in our hands. */
function failedAlone(state: DaemonState): boolean {
  const last = lastRollbackOf(state);
  if (last?.status !== 'failed' || !inOurHands(last)) return false;
  return last.incident === undefined && last.acknowledgedBy === undefined;
}

/**
 * Looks before this moment say nothing about the application that runs now: it was another one, in our hands, or people say
 * that they have settled it. What healed by itself is the same application: how long it was down goes on being added up.
 */
export function judgedFrom(state: DaemonState): number {
  const runs = [...state.runs.values()].map((run) => usersBackAt(run) ?? 0);
  const incidents = [...state.incidents.values()].flatMap((incident) => [
    ...(incident.status === 'closed' && isSettled(incident.outcome) ? [incident.at] : []),
    ...(incident.containment.state === 'released' ? [incident.containment.at] : []),
  ]);
  return Math.max(0, ...runs, ...incidents);
}

const isSettled = (outcome: Extract<Incident, { status: 'closed' }>['outcome']): boolean =>
  outcome === 'rolled-back' || outcome === 'resolved-by-person';
