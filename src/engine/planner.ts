import type { Assessment } from '../actions/contract.ts';
import type { World } from '../actions/world.ts';
import type { Reading } from '../backup/read-files.ts';
import { RollbackdError } from '../core/errors.ts';
import type { Plan } from '../model/plan.ts';
import { assess } from '../rollback/assess.ts';
import { buildPlan } from '../rollback/plan.ts';

export interface Draft {
  readonly assessment: Assessment;
  readonly plan: Plan;
}

/** Makes rollback plans and remembers them by hash, so that what people approved is what runs. */
export interface Planner {
  /** Of the backup only what looks changed is read, unless it is to be read whole: a run does so at its start. */
  draft(signal: AbortSignal, reading?: Reading): Promise<Draft>;
  planned(hash: string): Plan | undefined;
  /** Ends what is being drafted: a run has begun, whose proofs it would disturb. */
  giveWay(): void;
}

/** How many plans are remembered: an approval refers to one of the last few. */
const kept = 20;

/** `onBackup`: told of the backup of every plan. */
export function createPlanner(
  world: World,
  configHash: string,
  onBackup: (manifest: Assessment['manifest']) => void = () => {},
): Planner {
  const drafts = new Map<string, Plan>();
  let givingWay = new AbortController();
  return {
    async draft(signal, reading) {
      const assessment = await assess(world, AbortSignal.any([signal, givingWay.signal]), reading);
      onBackup(assessment.manifest);
      const plan = buildPlan(world, assessment, 'rollback', configHash);
      drafts.delete(plan.hash);
      drafts.set(plan.hash, plan);
      for (const hash of [...drafts.keys()].slice(0, -kept)) drafts.delete(hash);
      return { assessment, plan };
    },
    planned: (hash) => drafts.get(hash),
    giveWay() {
      givingWay.abort(new RollbackdError('run-under-way', 'a run has begun meanwhile: no plan is made beside it'));
      givingWay = new AbortController();
    },
  };
}
