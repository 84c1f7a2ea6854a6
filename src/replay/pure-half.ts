/**
 * All that looking back takes from the rooms that decide: what is remembered, judged, decided, and done next.
 * Nothing else in this room imports them.
 */
import type { EngineSettings } from '../engine/judge.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { journalFacts, openIncidentOf, runUnderWay } from '../incident/read-state.ts';
import { identityOf } from '../model/message-identity.ts';
import { type GuardFacts, known } from '../rules/guards/facts.ts';
import { sampleLimits } from '../rules/samples/limits.ts';
import { emptySamples, type Samples } from '../rules/samples/samples.ts';
import { mongoHealth } from '../rules/sources/databases.ts';

export { type EngineSettings, type Judgement, judge } from '../engine/judge.ts';
export { type DaemonState, emptyState, type RunState } from '../incident/daemon-state.ts';
export { fold } from '../incident/fold.ts';
export { eventsOf, type Move } from '../incident/moves.ts';
export { nextMoves } from '../incident/next.ts';
export { runUnderWay } from '../incident/read-state.ts';
export { permits } from '../incident/transitions.ts';
export type { GuardFacts } from '../rules/guards/facts.ts';
export { remember, type Samples } from '../rules/samples/samples.ts';

export const nothingSeen = ({ rules, probes }: EngineSettings): Samples => emptySamples(sampleLimits(rules, probes));

/** The incident, run or other matter that a message is about. */
export function subjectOf(message: string): string {
  const identity = identityOf(message);
  return identity.about === 'daemon' ? 'daemon' : identity.id;
}

/** The application is stopped, or another version of it runs: from then on the input tells of a past that would not have been. */
export function hasIntervened(state: DaemonState): boolean {
  const contained = openIncidentOf(state)?.containment.state ?? 'none';
  return state.runs.size > 0 || contained !== 'none';
}

/** Whether nothing goes on that a moment without judging could miss: a watch acts on nothing. */
export const isAtRest = (state: DaemonState): boolean =>
  state.watch !== undefined || (state.openIncident === undefined && runUnderWay(state) === undefined);

const nobodysLoss = known({ inserts: 0, updates: 0, deletes: 0, perTenant: {} });
const bothWell = known({ unified: 'reachable', legacy: 'reachable', legacyWritable: true } as const);

export interface Assumed {
  readonly planHash: string;
  readonly manifestHash: string;
  readonly legacyCommit: string;
  readonly configHash: string;
}

/** Every guard passes but the one that the input itself speaks of: what the databases said, where they were looked at. */
export function assumedFacts(
  { planHash, manifestHash, legacyCommit, configHash }: Assumed,
  { state, samples, settings, now }: { state: DaemonState; samples: Samples; settings: EngineSettings; now: number },
): GuardFacts {
  const settleMs = settings.rules['database-connection'].clearFor;
  return {
    ...journalFacts(state, now),
    now,
    cutoverAt: now - 1,
    configHash,
    writesLost: nobodysLoss,
    backup: known({ hash: manifestHash, takenAt: 0 }),
    mongo: samples.mongo.length === 0 ? bothWell : mongoHealth(samples, settleMs, now),
    legacyDatabases: known([]),
    plan: known({ hash: planHash, legacyCommit }),
    lease: known({ heldBy: 'us', mine: true }),
  };
}
