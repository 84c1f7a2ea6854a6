import type { EngineSettings } from '../../src/engine/judge.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Fact, type GuardFacts, type JournalFacts, known, unknown } from '../../src/rules/guards/facts.ts';
import type { LatencyBaseline } from '../../src/rules/latency-baseline.ts';
import type { Samples } from '../../src/rules/samples/samples.ts';
import { guardSchema, rulesSchema } from '../../src/rules/schema.ts';
import { mongoHealth } from '../../src/rules/sources/databases.ts';
import { menu, probesOf } from '../probes/settings.ts';
import { tenants } from './observe.ts';
import { usual } from './observe-requests.ts';
import type { World } from './world.ts';

export const start = Date.parse('2026-01-10T03:00:00Z');

/** The defaults, which are the runbook's numbers. */
export const rules = rulesSchema.parse({});

const guardConfig = guardSchema.parse({
  maxWritesLost: { inserts: 100, updates: 100, deletes: 10 },
  until: '2026-02-01T00:00:00Z',
  drill: 'off',
  readiness: 'off',
});

const probes = probesOf({
  unified: { health: { path: '/health' }, routes: [{ ...menu, name: 'archive', leakedBefore: true }] },
});

const baselineOf = (isKnown: (route: string) => boolean): LatencyBaseline =>
  new Map(
    Object.entries(usual).flatMap(([route, p95]) => (isKnown(route) ? [[route, { p95, source: 'captured' }]] : [])),
  );

/** The same object each time: a daemon's baseline is read once. */
const baselines: Readonly<Record<World['baselineOf'], LatencyBaseline>> = {
  all: baselineOf(() => true),
  reports: baselineOf((route) => route === 'GET /api/reports'),
  none: baselineOf(() => false),
};

/** As the engine judges with. */
export const settingsOf = (world: World): EngineSettings => ({
  rules,
  guard: { ...guardConfig, cooldown: world.cooldownMs },
  containment: world.containment,
  probes,
  target: { tenants: tenants.map((slug) => ({ slug })) },
  migration: { cutoverAt: cutoverOf(world) },
  latencyBaseline: baselines[world.baselineOf],
});

export function guardFactsOf(world: World, journal: JournalFacts, samples: Samples, now: number): GuardFacts {
  return {
    ...journal,
    now,
    cutoverAt: cutoverOf(world),
    configHash: world.configHash,
    writesLost:
      world.writesLost === 'uncountable'
        ? unknown('the database did not answer')
        : known({ ...world.writesLost, perTenant: {} }),
    backup: backupOf(world),
    mongo: mongoHealth(samples, rules['database-connection'].clearFor, now),
    legacyDatabases: known([legacyOf(world)]),
    plan: world.plan === 'none' ? unknown('the tag is missing') : known({ hash: world.plan, legacyCommit: 'abc' }),
    lease: leaseOf(world),
  };
}

export const cutoverOf = ({ cutoverAt }: World): number => start + cutoverAt;

function backupOf(world: World): GuardFacts['backup'] {
  const cutoverAt = cutoverOf(world);
  switch (world.backup) {
    case 'pinned':
      return known({ hash: 'manifest-1', takenAt: cutoverAt - 1 });
    case 'changed':
      return known({ hash: 'manifest-2', takenAt: cutoverAt - 1 });
    case 'after-cutover':
      return known({ hash: 'manifest-1', takenAt: cutoverAt });
    case 'missing':
      return unknown('its folder is gone');
  }
}

function legacyOf({ legacyDatabase }: World) {
  const onDifferent = legacyDatabase === 'different-replace' ? ('replace' as const) : ('ask' as const);
  const state: Fact<'equal' | 'absent' | 'different'> =
    legacyDatabase === 'unknown'
      ? unknown('not compared yet')
      : known(legacyDatabase === 'equal' || legacyDatabase === 'absent' ? legacyDatabase : 'different');
  return { name: 'superkafe_negoes', policy: 'restore' as const, onDifferent, state };
}

function leaseOf({ lease }: World): GuardFacts['lease'] {
  if (lease === 'unknown') return unknown('the server did not answer');
  return known({ heldBy: lease === 'ours' ? 'us' : 'another daemon', mine: lease === 'ours' });
}

/** As few as show what matters: another version is started, users are let in, and there is something after that. */
const stepsOf = (kind: Plan['kind']): string[] =>
  kind === 'containment' ? ['stop'] : ['stop', 'start-application', 'enable-traffic', 'smoke-test'];

export const planOf = (kind: Plan['kind'], hash: string): Plan => ({
  kind,
  target: 'cafe',
  legacyCommit: 'abc',
  manifestHash: 'manifest-1',
  configHash: 'config-1',
  steps: stepsOf(kind).map((id) => ({
    id,
    action: 'stop-application',
    phase: 'stop',
    title: id,
    commands: [],
    evidence: 'none',
    effect: 'none',
    expectedMs: 1,
  })),
  hash,
});
