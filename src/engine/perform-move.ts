import type { Clock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { eventsOf, type Move } from '../incident/moves.ts';
import type { Plan } from '../model/plan.ts';
import { summarise } from '../watch/summary.ts';
import type { Memory } from './memory.ts';
import type { Planner } from './planner.ts';
import type { Runs } from './runs.ts';

export interface MoveDependencies {
  readonly memory: Memory;
  readonly runs: Runs;
  readonly planner: Planner;
  readonly watchFor: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Turns a move into what it stands for: events, or a run. */
export async function performMove(move: Move, plan: Plan | undefined, dependencies: MoveDependencies): Promise<void> {
  const { memory, runs, clock, watchFor } = dependencies;
  switch (move.kind) {
    case 'contain':
      runs.contain(move.incident, { by: 'daemon' });
      return;
    case 'start-rollback':
      return startRollback(move, plan, dependencies);
    case 'start-watch':
      memory.append({ kind: 'watch.started', run: move.run, until: clock.now() + watchFor });
      return;
    case 'close-watch':
      closeWatch(move.run, dependencies);
      return;
    default:
      memory.append(...eventsOf(move, newId('incident', clock.now())));
  }
}

/**
 * What was approved is what runs: under an approval only the very plan that people saw. After a restart of the daemon it
 * is made anew; where that gives another one, people are asked again.
 */
async function startRollback(
  { incident, authority, planHash }: Extract<Move, { kind: 'start-rollback' }>,
  current: Plan | undefined,
  { runs, planner, signal }: MoveDependencies,
): Promise<void> {
  const known = planHash === undefined ? current : planner.planned(planHash);
  const plan = known ?? (await planner.draft(signal)).plan;
  if (planHash !== undefined && plan.hash !== planHash) {
    throw new RollbackdError('plan-changed', 'what was approved is not what would be done now');
  }
  await runs.rollBack({ plan, authority, incident });
}

function closeWatch(run: string, { memory, clock }: MoveDependencies): void {
  const { watch, runs } = memory.state();
  if (!watch) return;
  const summary = summarise(watch, runs.get(run), clock.now());
  const text = Object.entries(summary)
    .map(([what, value]) => `${what}: ${value}`)
    .join('\n');
  memory.append(
    { kind: 'watch.closed', run, summary },
    {
      kind: 'message.queued',
      message: `${run}/watch-closed`,
      subject: `${run}: the watch is over`,
      text,
      urgency: 'told',
    },
  );
}
