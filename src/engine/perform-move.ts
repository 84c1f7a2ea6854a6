import type { Clock } from '../core/clock.ts';
import { newId } from '../core/ids.ts';
import { eventsOf, type Move } from '../incident/moves.ts';
import { messageId } from '../model/message-identity.ts';
import type { Plan } from '../model/plan.ts';
import { summarise } from '../watch/summary.ts';
import type { Memory } from './memory.ts';
import type { Planner } from './planner.ts';
import type { Runs } from './runs.ts';

export interface MoveDependencies {
  readonly memory: Memory;
  readonly runs: Runs;
  readonly planner: Pick<Planner, 'planned'>;
  readonly watchFor: number;
  readonly clock: Clock;
}

/** Turns a move into what it stands for: events, or a run. */
export async function performMove(move: Move, plan: Plan | undefined, dependencies: MoveDependencies): Promise<void> {
  const { memory, runs, clock, watchFor } = dependencies;
  switch (move.kind) {
    case 'contain':
      await runs.contain(move.incident, move.authority);
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
 * What was approved is what runs: under an approval only the very plan that people saw. After a restart it is made anew
 * with the facts, in the background: until then nothing begins; where that gives another one, people are asked again.
 */
async function startRollback(
  { incident, authority, planHash }: Extract<Move, { kind: 'start-rollback' }>,
  current: Plan | undefined,
  { runs, planner }: MoveDependencies,
): Promise<void> {
  const plan = planHash === undefined ? current : planner.planned(planHash);
  if (plan) await runs.rollBack({ plan, authority, incident });
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
      message: messageId({ about: 'run', id: run, topic: { kind: 'once', of: { what: 'watch-closed' } } }),
      subject: `${run}: the watch is over`,
      text,
      urgency: 'told',
    },
  );
}
