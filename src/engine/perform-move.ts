import type { Clock } from '../core/clock.ts';
import { never } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Move } from '../incident/moves.ts';
import type { EventBody } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { summarise } from '../watch/summary.ts';
import type { Memory } from './memory.ts';
import type { Planner } from './planner.ts';
import type { Runs } from './runs.ts';

export interface MoveDependencies {
  readonly memory: Memory;
  readonly runs: Runs;
  readonly planner: Planner;
  /** The plan as it would run now; undefined while none can be made. */
  readonly currentPlan: () => Plan | undefined;
  readonly watchFor: number;
  readonly clock: Clock;
}

/** Turns a move into what it stands for: events, or a run. */
export async function performMove(move: Move, dependencies: MoveDependencies): Promise<void> {
  switch (move.kind) {
    case 'contain':
      dependencies.runs.contain(move.incident, { by: 'daemon' });
      return;
    case 'start-rollback':
      return startRollback(move, dependencies);
    default:
      dependencies.memory.append(...eventsOf(move, dependencies));
  }
}

/** What was approved is what runs: a plan that has become another one since is asked for anew, not run. */
async function startRollback(
  { incident, authority, planHash }: Extract<Move, { kind: 'start-rollback' }>,
  { runs, planner, currentPlan }: MoveDependencies,
): Promise<void> {
  const plan = planHash === undefined ? currentPlan() : planner.planned(planHash);
  if (plan) await runs.rollBack({ plan, authority, incident });
}

function eventsOf(
  move: Exclude<Move, { kind: 'contain' | 'start-rollback' }>,
  dependencies: MoveDependencies,
): EventBody[] {
  const now = dependencies.clock.now();
  switch (move.kind) {
    case 'open-incident':
      return openingOf(move, now);
    case 'record-decision': {
      const { incident, revision, evidenceHash, decision } = move;
      return [{ kind: 'incident.decided', incident, revision, evidenceHash, decision }];
    }
    case 'request-approval':
      return requestOf(move, dependencies.currentPlan());
    case 'withdraw':
      return [{ kind: 'incident.withdrawn', incident: move.incident, reason: move.reason }];
    case 'close':
      return [{ kind: 'incident.closed', incident: move.incident, outcome: move.outcome, reason: move.reason }];
    case 'start-watch':
      return [{ kind: 'watch.started', run: move.run, until: now + dependencies.watchFor }];
    case 'record-finding':
      return [{ kind: 'watch.found', run: move.run, finding: move.finding }];
    case 'close-watch':
      return closingOf(move.run, dependencies.memory, now);
    case 'tell': {
      const { message, subject, text, urgency } = move;
      return [{ kind: 'message.queued', message, subject, text, urgency }];
    }
    default:
      return never(move);
  }
}

function openingOf({ decision, evidenceHash }: Extract<Move, { kind: 'open-incident' }>, now: number): EventBody[] {
  const { criterion, tier, tenants } = decision;
  if (!criterion || !tier) throw new TypeError('an incident is only opened for a breach');
  const incident = newId('incident', now);
  return [
    { kind: 'incident.opened', incident, criterion, tier, tenants },
    { kind: 'incident.decided', incident, revision: 1, evidenceHash, decision },
  ];
}

/** Without a plan there is nothing to approve yet; the question is asked as soon as one can be made. */
function requestOf(move: Extract<Move, { kind: 'request-approval' }>, plan: Plan | undefined): EventBody[] {
  if (!plan) return [];
  const { incident, revision, evidenceHash, quorum, deadline } = move;
  const request = {
    kind: 'approval.requested',
    incident,
    revision,
    evidenceHash,
    planHash: plan.hash,
    quorum,
  } as const;
  return [deadline === undefined ? request : { ...request, deadline }];
}

function closingOf(run: string, memory: Memory, now: number): EventBody[] {
  const { watch, runs } = memory.state();
  return watch ? [{ kind: 'watch.closed', run, summary: summarise(watch, runs.get(run), now) }] : [];
}
