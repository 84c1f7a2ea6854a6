import { namesReplaced } from '../actions/in-unified.ts';
import type { LegacyState } from '../actions/legacy-state.ts';
import type { World } from '../actions/world.ts';
import type { Lease } from '../adapters/mongo/contract.ts';
import { tenantsFromUnified } from '../adapters/mongo/unified-ownership.ts';
import { countWritesSince } from '../adapters/mongo/writes-since.ts';
import type { Reading } from '../backup/read-files.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { journalFacts, modeInForce } from '../incident/read-state.ts';
import type { GuardResult } from '../model/guard.ts';
import type { DatabasesNow, Fact, GuardFacts } from '../rules/guards/facts.ts';
import { known, unknown } from '../rules/guards/facts.ts';
import { judgeMaxWritesLost } from '../rules/guards/max-writes-lost.ts';
import type { GuardConfig } from '../rules/schema.ts';
import { leaseTtl } from './lease-ttl.ts';
import type { Draft, Planner } from './planner.ts';

export interface FactSources {
  readonly world: World;
  readonly lease: Lease;
  readonly planner: Planner;
  /** How much of the backup is read anew, where that is not left to the planner. */
  readonly reading?: Reading;
  readonly guard: GuardConfig;
  readonly cutoverAt: number;
  readonly configHash: string;
  /** What MongoDB said last. */
  readonly mongo: () => Fact<DatabasesNow>;
}

export interface Gathered {
  readonly facts: GuardFacts;
  readonly draft: Draft | undefined;
}

/** What needs no time: enough to contain a leak at once. Everything else is unknown, and so fails its guard. */
export function quickFacts(sources: FactSources, state: DaemonState, now: number): GuardFacts {
  const later = unknown('not looked at yet: the leak is contained first');
  return {
    ...journalFacts(state, now),
    now,
    cutoverAt: sources.cutoverAt,
    configHash: sources.configHash,
    writesLost: later,
    backup: later,
    mongo: sources.mongo(),
    legacyDatabases: later,
    plan: later,
    lease: later,
  };
}

/**
 * Reads whatever the guards ask about: the legacy databases whole and of the backup what was not read before, so it may
 * take minutes, or hours. A signal that aborts by time-out leaves unknown what is not known by then.
 */
export async function gatherFacts(
  sources: FactSources,
  state: DaemonState,
  now: number,
  signal: AbortSignal,
): Promise<Gathered> {
  const [draft, writesLost, lease] = await Promise.all([
    factOf(() => sources.planner.draft(signal, sources.reading), signal),
    factOf(() => countWrites(sources, signal), signal),
    modeInForce(state, now) === 'armed'
      ? factOf(() => sources.lease.acquire(leaseTtl, signal), signal)
      : unknown('not asked for: nothing is done alone in this mode'),
  ]);
  const facts: GuardFacts = {
    ...quickFacts(sources, state, now),
    writesLost,
    lease,
    backup: mapFact(draft, ({ assessment }) => assessment.manifest),
    legacyDatabases: mapFact(draft, ({ assessment }) =>
      assessment.legacyStates.map(({ database, policy, onDifferent, state: found }) => ({
        name: database,
        policy,
        onDifferent,
        state: known(found),
      })),
    ),
    plan: mapFact(draft, ({ plan, assessment: { unifiedNotKept, legacyStates } }) => ({
      hash: plan.hash,
      legacyCommit: plan.legacyCommit,
      ...(unifiedNotKept !== undefined && { unifiedNotKept }),
      ...replacedInUnified(legacyStates),
    })),
  };
  return { facts, draft: draft.known ? draft.value : undefined };
}

/** What the guard says about the writes that would be lost at this moment. */
export async function judgeWritesNow(
  sources: FactSources,
  state: DaemonState,
  now: number,
  signal: AbortSignal,
): Promise<GuardResult> {
  const writesLost = await factOf(() => countWrites(sources, signal), signal);
  return judgeMaxWritesLost({ ...quickFacts(sources, state, now), writesLost }, sources.guard);
}

async function countWrites({ world, guard, cutoverAt }: FactSources, signal: AbortSignal) {
  const { mongo } = world.settings;
  const tenants = await tenantsFromUnified(world.unified, mongo, signal);
  return countWritesSince(
    world.unified,
    {
      database: mongo.unified.database,
      tenantField: mongo.tenantField,
      tenants,
      ignoredCollections: guard.ignoredCollections,
      cutoverAt,
      createdField: guard.createdField,
      updatedField: guard.updatedField,
    },
    signal,
  );
}

async function factOf<T>(find: () => Promise<T>, signal: AbortSignal): Promise<Fact<T>> {
  try {
    return known(await find());
  } catch (error) {
    // What was not found out in time says nothing about the other facts.
    if (signal.aborted && !isTimeOut(signal.reason)) throw signal.reason;
    if (signal.aborted) return unknown('not found out in the time for it');
    return unknown(explain(error), error instanceof RollbackdError && error.reason === 'lease-held');
  }
}

function replacedInUnified(states: readonly LegacyState[]): { readonly replacesInUnified?: string } {
  const [found] = states.flatMap(({ database, inUnified }) => (inUnified ? [{ database, inUnified }] : []));
  if (!found) return {};
  const { database, inUnified } = found;
  return { replacesInUnified: `${namesReplaced(inUnified)} of the unified database ${database} itself` };
}

const isTimeOut = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';

const mapFact = <T, R>(fact: Fact<T>, map: (value: T) => R): Fact<R> => (fact.known ? known(map(fact.value)) : fact);
