import { never } from '../core/errors.ts';
import type { EventOf } from '../model/event.ts';
import { changesForGood, isOver } from '../model/plan.ts';
import type { DaemonState, RunState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import { permitsStart } from './permits-start.ts';
import { runUnderWay } from './read-state.ts';
import { settledAs } from './settled.ts';
import { endedWithUsersBack, stopBegan } from './users-back.ts';

type StepEvent = EventOf<'step.started' | 'step.succeeded' | 'step.failed'>;

export function permitsRun(state: DaemonState, body: EventAbout<'run' | 'watch'>): string | undefined {
  if (body.kind === 'run.started') return permitsStart(state, body);
  const run = state.runs.get(body.run);
  if (!run) return `there is no run ${body.run}`;
  switch (body.kind) {
    case 'run.interrupted':
      return run.status === 'running' ? undefined : `the run is ${run.status}`;
    case 'run.resumed':
      return permitsResuming(state, run, body.person);
    case 'run.put-back':
      return permitsPuttingBack(run);
    case 'run.finished':
      return permitsFinish(run, body.outcome);
    case 'run.acknowledged':
      if (run.endedAt === undefined) return 'the run has not ended';
      return run.acknowledgedBy === undefined ? undefined : `${run.acknowledgedBy} has acknowledged it already`;
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
      return permitsStep(run, body);
    case 'watch.started':
      return permitsWatch(state, run);
    case 'watch.found':
    case 'watch.closed':
      return state.watch?.run === run.run ? undefined : `${run.run} is not being watched`;
    default:
      return never(body);
  }
}

function permitsResuming(state: DaemonState, run: RunState, person: string | undefined): string | undefined {
  const other = runUnderWay(state);
  if (other && other.run !== run.run) return `${other.run} is under way: one run at a time`;
  switch (run.status) {
    case 'interrupted':
      return settledAs(state, run);
    case 'failed':
      if (person === undefined) return 'a failed run is resumed by a person';
      if ([...state.runs.keys()].at(-1) !== run.run) return 'a later run has taken its place';
      return settledAs(state, run);
    case 'running':
      return 'the run is under way';
    case 'succeeded':
      return 'the run has succeeded';
    default:
      return never(run.status);
  }
}

/** Once data, code or environment are touched there is no way back but forward. */
function permitsPuttingBack(run: RunState): string | undefined {
  if (run.status !== 'running') return `the run is ${run.status}`;
  if (!stopBegan(run)) return 'it has stopped nothing';
  const { plan, steps } = run;
  const changed = plan.steps.find((step) => changesForGood(step) && steps.has(step.id));
  return changed && `${changed.id} has begun: what it changes stays`;
}

function permitsFinish(run: RunState, outcome: 'succeeded' | 'failed'): string | undefined {
  // One that was interrupted can be given up.
  if (outcome === 'failed' && run.status === 'interrupted') return undefined;
  if (run.status !== 'running') return `the run is ${run.status}`;
  if (outcome === 'failed') return undefined;
  const open = run.plan.steps.find(({ id }) => !isOver(run.plan, id, run.steps.get(id)?.at(-1)?.status));
  return open ? `step ${open.id} has not succeeded` : undefined;
}

function permitsStep(run: RunState, body: StepEvent): string | undefined {
  if (run.status !== 'running') return `the run is ${run.status}`;
  if (!run.plan.steps.some(({ id }) => id === body.step)) return `the plan has no step ${body.step}`;
  const last = run.steps.get(body.step)?.at(-1);
  if (body.kind === 'step.started') {
    if (last?.status === 'started') return `step ${body.step} is under way`;
    const expected = (last?.attempt ?? 0) + 1;
    return body.attempt === expected ? undefined : `the next attempt is ${expected}, not ${body.attempt}`;
  }
  return last?.status === 'started' && last.attempt === body.attempt
    ? undefined
    : `attempt ${body.attempt} of ${body.step} is not under way`;
}

function permitsWatch(state: DaemonState, run: RunState): string | undefined {
  if (!endedWithUsersBack(run)) return 'only a rollback that has ended and let users in again is watched';
  return state.watch ? `${state.watch.run} is being watched` : undefined;
}
