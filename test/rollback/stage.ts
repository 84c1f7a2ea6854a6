import type { WorldFor } from '../../src/actions/world.ts';
import type { EventBody, EventOf } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { assess } from '../../src/rollback/assess.ts';
import type { StepHistory } from '../../src/rollback/next.ts';
import { buildPlan } from '../../src/rollback/plan.ts';
import { executeRun, type PutBack } from '../../src/rollback/run.ts';
import { finished } from '../actions/perform.ts';
import type { Target } from '../actions/target-state.ts';

/** A journal of one run, in memory. */
export function runJournal(onAppend: (body: EventBody) => void = () => {}) {
  const bodies: EventBody[] = [];
  const append = (...added: EventBody[]) => {
    for (const body of added) {
      onAppend(body);
      bodies.push(body);
    }
    return [];
  };
  const of = <K extends EventBody['kind']>(kind: K) => bodies.filter((body): body is EventOf<K> => body.kind === kind);
  const history = () => {
    const known = new Map<string, StepHistory>();
    for (const body of bodies) {
      if (body.kind === 'step.started') known.set(body.step, { attempts: body.attempt, status: 'started' });
      if (body.kind === 'step.succeeded') known.set(body.step, { attempts: body.attempt, status: 'succeeded' });
      if (body.kind === 'step.failed') known.set(body.step, { attempts: body.attempt, status: 'failed' });
    }
    return known;
  };
  /** `failed: step: words`, `succeeded`, or nothing while the run has not ended. */
  const outcome = () => of('run.finished').at(-1);
  return { append, bodies, of, history, outcome };
}
export type RunJournal = ReturnType<typeof runJournal>;

export async function planFor({ world }: Target): Promise<Plan> {
  return buildPlan(world, await assess(world, new AbortController().signal), 'rollback', 'config');
}

/** Each request reads the database of its tenant, as a well legacy application does. */
export function readsAsItShould(target: Target): void {
  const well = target.answer;
  target.answer = (question) => {
    const database = `cafe_${question.headers?.['x-tenant-slug'] ?? ''}`;
    const reads = { ...target.state.activity.reads };
    reads[database] = (reads[database] ?? 0) + 1;
    target.state.activity = { ...target.state.activity, reads };
    return well(question);
  };
}

export interface Execution {
  readonly target: Target;
  readonly plan: Plan;
  readonly journal: RunJournal;
  readonly signal?: AbortSignal;
  readonly worldFor?: WorldFor;
  /** Why nothing is to be stopped after all. */
  readonly calledOff?: string;
  /** Why the application must not be put back; by default it must not. */
  readonly putBack?: () => Promise<PutBack>;
  readonly incident?: string;
}

/** From wherever the journal says it is. */
export function execute({
  target,
  plan,
  journal,
  signal,
  worldFor,
  calledOff,
  putBack,
  incident,
}: Execution): Promise<void> {
  const request = { run: 'run-1', plan, incident, history: journal.history };
  const dependencies = {
    journal,
    worldFor: worldFor ?? (() => target.world),
    clock: target.clock,
    calledOff: async () => calledOff,
    putBack: putBack ?? (async () => ({ done: false, said: 'the application stays stopped' })),
  };
  return finished(target.clock, executeRun(request, dependencies, signal ?? new AbortController().signal));
}
