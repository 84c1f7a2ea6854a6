import { never } from '../core/errors.ts';
import type { EventOf } from '../model/event.ts';
import { containedAs, moved, noted, storied } from './change-incident.ts';
import type { DaemonState, RunState, StepAttempt } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import { interrupted, withStep } from './fold-step.ts';
import { servingSaid } from './serving-said.ts';
import type { Incident } from './state.ts';
import { stopBegan, usersBackAt } from './users-back.ts';

export function foldRun(state: DaemonState, body: EventAbout<'run'>, at: number): DaemonState {
  if (body.kind === 'run.started') return started(state, body, at);
  const run = state.runs.get(body.run);
  if (!run) return state;
  switch (body.kind) {
    case 'run.interrupted':
      return { ...state, runs: interrupted(state.runs, at) };
    case 'run.resumed':
      return inIncident(withRun(state, resumed(run, body)), run, {
        at,
        outcome: 'begun',
        reason: body.person ? `resumed by ${body.person}` : 'resumed',
      });
    case 'run.finished': {
      const { outcome, reason, usersGet } = body;
      const ended = { ...run, status: outcome, endedAt: at, reason, usersGet };
      return inIncident(withRun(state, ended), ended, { at, outcome, reason });
    }
    case 'run.put-back':
      return withRun(state, { ...run, putBackAt: at });
    case 'run.acknowledged':
      return servingSaid(withRun(state, { ...run, acknowledgedBy: body.person }), body.serving, at);
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
      return withRun(state, withStep(run, body, at));
    default:
      return never(body);
  }
}

const resumed = (
  run: RunState,
  { configHash = run.configHash, epoch = run.epoch }: EventOf<'run.resumed'>,
): RunState => ({
  ...run,
  configHash,
  epoch,
  status: 'running',
  interruptedAt: undefined,
  endedAt: undefined,
  reason: undefined,
  usersGet: undefined,
});

const withRun = (state: DaemonState, run: RunState): DaemonState => ({
  ...state,
  runs: new Map(state.runs).set(run.run, run),
});

function started(state: DaemonState, body: EventOf<'run.started'>, at: number): DaemonState {
  const run: RunState = {
    run: body.run,
    incident: body.incident,
    plan: body.plan,
    configHash: body.plan.configHash,
    config: body.config,
    authority: body.authority,
    startedAt: at,
    cutoverAt: body.cutoverAt,
    epoch: body.epoch,
    status: 'running',
    endedAt: undefined,
    reason: undefined,
    acknowledgedBy: undefined,
    watched: false,
    told: [],
    steps: new Map<string, StepAttempt[]>(),
  };
  // What was watched is replaced: another watch follows.
  const watch = body.plan.kind === 'rollback' ? undefined : state.watch;
  return inIncident({ ...withRun(state, run), watch }, run, {
    at,
    outcome: 'begun',
    reason: `by ${body.authority.by}`,
  });
}

interface Turn {
  readonly at: number;
  readonly outcome: 'begun' | 'succeeded' | 'failed';
  readonly reason: string;
}

/** What a run's beginning or end means for the incident that it belongs to. */
function inIncident(state: DaemonState, run: RunState, turn: Turn): DaemonState {
  const incident = run.incident === undefined ? undefined : state.incidents.get(run.incident);
  if (!incident || incident.status === 'closed') return state;
  const told = noted(state, incident.id, turn.at, `${run.plan.kind} ${turn.outcome} (${run.run}): ${turn.reason}`);
  return run.plan.kind === 'containment' ? contained(told, run, turn) : rolled(told, run, turn);
}

function contained(state: DaemonState, { run, incident, steps }: RunState, { at, outcome, reason }: Turn): DaemonState {
  const fenced = steps.get('prove-fence')?.at(-1)?.status === 'succeeded';
  switch (outcome) {
    case 'begun':
      return containedAs(state, incident, { state: 'begun', run, at });
    case 'succeeded':
      return containedAs(state, incident, { state: 'proven', run, at });
    case 'failed':
      return containedAs(state, incident, { state: 'failed', run, at, reason, fenced });
    default:
      return never(outcome);
  }
}

function rolled(state: DaemonState, of: RunState, { at, outcome, reason }: Turn): DaemonState {
  const { run, incident: id, authority } = of;
  const incident = id === undefined ? undefined : state.incidents.get(id);
  if (!incident) return state;
  switch (outcome) {
    case 'begun':
      // Resumed after users were let in: what is left are checks, and it goes on being watched.
      return isBack(incident) ? state : moved(state, incident, { status: 'rolling-back', run, authority, at });
    case 'failed':
      if (usersBackAt(of) !== undefined) return rolledBack(state, incident, run, at);
      // Nothing was stopped: what was wrong still is, and is decided anew.
      if (!stopBegan(of)) return moved(state, incident, { status: 'open' });
      return moved(state, incident, { status: 'rollback-failed', run, reason, at });
    case 'succeeded':
      return rolledBack(state, incident, run, at);
    default:
      return never(outcome);
  }
}

const isBack = ({ status }: Incident): boolean => status === 'rolled-back' || status === 'watching';

function rolledBack(state: DaemonState, incident: Incident, run: string, at: number): DaemonState {
  if (isBack(incident)) return state;
  return storied(moved(state, incident, { status: 'rolled-back', run, at }), incident.id, ({ containment }) =>
    containment.state === 'none' ? {} : { containment: { state: 'released', by: run, at, reason: 'rolled back' } },
  );
}
