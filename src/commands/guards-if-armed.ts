import type { GuardName, GuardResult } from '../model/guard.ts';
import type { Plan } from '../model/plan.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import { judgeGuards } from '../rules/guards/guards.ts';
import type { GuardConfig } from '../rules/schema.ts';

/** The arming itself settles these; the moments are judged in the words of the configuration. */
const settled: readonly GuardName[] = ['mode', 'armed-until', 'one-run'];
/** Where no plan can be made, nothing is known of these either: once is enough. */
const byPlan: readonly GuardName[] = ['backup-pinned', 'code-pinned', 'legacy-databases'];
/** These end by themselves. */
const passing: readonly GuardName[] = ['pause', 'cooldown'];

interface Judged {
  readonly faults: readonly string[];
  readonly notYet: readonly string[];
}

/** Every guard, asked as if the daemon were armed and something in breach: what would keep it from acting alone for good, and what only now. */
export function guardsIfArmed(facts: GuardFacts, config: GuardConfig, now: number, plan: Plan | undefined): Judged {
  const { manifestHash = '', legacyCommit = '' } = plan ?? {};
  const armed = { until: config.until, manifestHash, legacyCommit, configHash: facts.configHash };
  const failures = judgeGuards({ ...facts, now, mode: 'armed', armed }, config, 'cross-tenant-leak').filter(
    ({ guard, outcome }) => outcome === 'failed' && !settled.includes(guard) && (plan || !byPlan.includes(guard)),
  );
  const passes = (result: GuardResult) => mayPass(result, facts, config);
  return {
    faults: failures.filter((result) => !passes(result)).map(said),
    notYet: failures.filter(passes).map(said),
  };
}

const said = ({ guard, reason }: GuardResult): string => `${guard}: ${reason}`;

/** Too many writes are a matter of the moment and of the limit; writes that cannot be counted never fall below one. */
function mayPass({ guard }: GuardResult, facts: GuardFacts, config: GuardConfig): boolean {
  const { writesLost, cutoverAt, now, lease } = facts;
  if (guard === 'lease') return lease.known || lease.passing === true;
  if (guard !== 'max-writes-lost') return passing.includes(guard);
  const { maxWritesLost } = config;
  if (!maxWritesLost || !writesLost.known || cutoverAt > now) return false;
  const kinds = ['inserts', 'updates', 'deletes'] as const;
  return kinds.every((kind) => maxWritesLost[kind] === 'unlimited' || writesLost.value[kind] !== undefined);
}
