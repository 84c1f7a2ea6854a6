import { type GuardName, type GuardResult, guardName } from '../../model/guard.ts';
import type { CriterionName } from '../../model/verdict.ts';
import { criteria } from '../criteria/list.ts';
import type { GuardConfig } from '../schema.ts';
import { judgeAcknowledged } from './acknowledged.ts';
import { judgeArmedUntil } from './armed-until.ts';
import { judgeBackupPinned } from './backup-pinned.ts';
import { judgeCodePinned } from './code-pinned.ts';
import { judgeCooldown } from './cooldown.ts';
import type { GuardFacts } from './facts.ts';
import { judgeLease } from './lease.ts';
import { judgeLegacyDatabases } from './legacy-databases.ts';
import { judgeMaxWritesLost } from './max-writes-lost.ts';
import { judgeMode } from './mode.ts';
import { judgeNotRolledBack } from './not-rolled-back.ts';
import { judgeOneRun } from './one-run.ts';
import { judgePause } from './pause.ts';
import { judgePlan } from './plan.ts';
import { judgeWouldHelp } from './would-help.ts';

/** Every guard, asked about a rollback for `criterion`. The order is the one in which people read them. */
export function judgeGuards(facts: GuardFacts, config: GuardConfig, criterion: CriterionName): GuardResult[] {
  return [
    judgeMode(facts),
    judgeArmedUntil(facts, config),
    judgePause(facts),
    judgeOneRun(facts),
    judgeCooldown(facts, config),
    judgeAcknowledged(facts),
    judgeNotRolledBack(facts),
    judgeWouldHelp(facts, mendsOf(criterion)),
    judgeMaxWritesLost(facts, config),
    judgeBackupPinned(facts),
    judgeCodePinned(facts),
    judgeLegacyDatabases(facts),
    judgePlan(facts),
    judgeLease(facts),
    switchedOff('drill', config.drill),
    switchedOff('readiness', config.readiness),
  ];
}

const mendsOf = (name: CriterionName) => criteria.find((each) => each.name === name)?.mends ?? 'code';

function switchedOff(guard: GuardName, setting: 'off'): GuardResult {
  return { guard, outcome: 'off', reason: `switched ${setting} in the configuration` };
}

/** True only where every guard was asked and none failed: a guard that is missing from the list is no pass. */
export function allGuardsPass(results: readonly GuardResult[]): boolean {
  const asked = new Set(results.map(({ guard }) => guard));
  return guardName.options.every((guard) => asked.has(guard)) && results.every(({ outcome }) => outcome !== 'failed');
}
