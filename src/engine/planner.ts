import type { Assessment } from '../actions/contract.ts';
import type { World } from '../actions/world.ts';
import type { Plan } from '../model/plan.ts';
import { assess } from '../rollback/assess.ts';
import { buildPlan } from '../rollback/plan.ts';

export interface Draft {
  readonly assessment: Assessment;
  readonly plan: Plan;
}

/** Makes rollback plans and remembers them by hash, so that what people approved is what runs. */
export interface Planner {
  draft(signal: AbortSignal): Promise<Draft>;
  planned(hash: string): Plan | undefined;
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
  return {
    async draft(signal) {
      const assessment = await assess(world, signal);
      onBackup(assessment.manifest);
      const plan = buildPlan(world, assessment, 'rollback', configHash);
      drafts.delete(plan.hash);
      drafts.set(plan.hash, plan);
      for (const hash of [...drafts.keys()].slice(0, -kept)) drafts.delete(hash);
      return { assessment, plan };
    },
    planned: (hash) => drafts.get(hash),
  };
}
