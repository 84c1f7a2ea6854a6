import { actions } from '../actions/catalogue.ts';
import type { Assessment } from '../actions/contract.ts';
import type { LegacyState } from '../actions/legacy-state.ts';
import type { World } from '../actions/world.ts';
import { hashOf } from '../core/digest.ts';
import type { ActionName, Phase, Plan, PlannedStep } from '../model/plan.ts';

interface Outline {
  readonly action: ActionName;
  readonly phase: Phase;
  readonly subject?: string;
}

const inPhase =
  (phase: Phase) =>
  (...names: ActionName[]): Outline[] =>
    names.map((action) => ({ action, phase }));

/** The maintenance answer first: it takes a tenth of a second and ends most of a leak; what it leaves, the stop ends. */
const stop = inPhase('stop')('show-maintenance', 'stop-application', 'prove-fence');

function databaseSteps(phase: Phase, action: ActionName, states: readonly LegacyState[]): Outline[] {
  return states.map(({ database }) => ({ action, phase, subject: database }));
}

/**
 * The runbook in order: what needs no downtime first (local changes last of it, so that few come after), each legacy database
 * replaced right after its snapshot, the freeze before there is code that could be deployed over, no test that writes before the
 * database is proven, traffic after every check.
 * What is written into the unified database comes when all else is restored: up to then the unified version can be put back.
 */
function rollbackOutline({ legacyStates, unifiedNotKept }: Assessment): Outline[] {
  const own = legacyStates.filter(({ inUnified }) => inUnified === undefined);
  const merged = legacyStates.filter(({ inUnified }) => inUnified !== undefined);
  const absent = own.filter(({ state }) => state === 'absent');
  const different = own.filter(({ state }) => state === 'different');
  const unindexed = own.filter(({ missingIndexes }) => missingIndexes.length > 0);
  return [
    ...inPhase('prepare')('check-target', 'check-backup', 'check-disk', 'check-legacy-environment'),
    ...inPhase('prepare')('stage-code', 'stage-dependencies', 'check-switch'),
    ...(unifiedNotKept === undefined ? inPhase('prepare')('try-unified-snapshot') : []),
    ...databaseSteps('prepare', 'try-legacy-snapshot', different),
    ...databaseSteps('prepare', 'bring-in-database', absent),
    ...databaseSteps('prepare', 'build-indexes', unindexed),
    ...inPhase('prepare')('save-changes', 'check-room'),
    ...stop,
    ...inPhase('restore')(unifiedNotKept === undefined ? 'snapshot-unified' : 'forgo-unified-snapshot'),
    ...different.flatMap((one) => [
      ...databaseSteps('restore', 'snapshot-legacy', [one]),
      ...databaseSteps('restore', 'restore-database', [one]),
    ]),
    ...databaseSteps('restore', 'verify-database', own),
    ...merged.flatMap((one) => [
      ...databaseSteps('restore', 'merge-collections', one.state === 'equal' ? [] : [one]),
      ...databaseSteps('restore', 'verify-database', [one]),
    ]),
    ...inPhase('code')('freeze-deploys', 'switch-code', 'switch-dependencies', 'switch-environment'),
    ...inPhase('start')('start-application', 'await-liveness', 'check-startup-logs'),
    ...inPhase('verify')(
      'prove-database-in-use',
      'functional-tests',
      'enable-traffic',
      'smoke-test',
      'check-error-log',
      'check-response-time',
      'remove-staging',
    ),
  ];
}

/**
 * What a run will do, each step in words. Pure but for the wording that the adapters lend.
 * Two plans with the same hash do the same things to the same target from the same backup.
 */
export function buildPlan(world: World, assessment: Assessment, kind: Plan['kind'], configHash: string): Plan {
  const outline = kind === 'containment' ? stop : rollbackOutline(assessment);
  const body = {
    kind,
    target: world.settings.target.name,
    legacyCommit: assessment.legacyCommit,
    manifestHash: assessment.manifest.hash,
    configHash,
    steps: outline.map((step) => describeStep(world, assessment, step)),
    ...(kind === 'rollback' && { pointOfNoReturn: 'enable-traffic' }),
  };
  return { ...body, hash: hashOf({ ...body, steps: body.steps.map(({ id }) => id) }) };
}

function describeStep(world: World, assessment: Assessment, { action, phase, subject }: Outline): PlannedStep {
  return {
    id: subject === undefined ? action : `${action}:${subject}`,
    action,
    phase,
    ...(subject !== undefined && { subject }),
    ...actions[action].describe(world, assessment, subject ?? ''),
  };
}
