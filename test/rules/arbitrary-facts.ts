import fc from 'fast-check';
import { type Fact, type GuardFacts, known, unknown } from '../../src/rules/guards/facts.ts';
import { type GuardConfig, guardSchema } from '../../src/rules/schema.ts';

export const now = Date.parse('2026-01-10T03:00:00Z');

export const guardConfig: GuardConfig = guardSchema.parse({
  maxWritesLost: { inserts: 100, updates: 100, deletes: 10 },
  until: '2026-02-01T00:00:00Z',
  drill: 'off',
  readiness: 'off',
});

/** An armed daemon with nothing in its way. */
export const clearFacts: GuardFacts = {
  now,
  cutoverAt: now - 3_600_000,
  configHash: 'c',
  mode: 'armed',
  armed: { until: now + 86_400_000, manifestHash: 'm', legacyCommit: 'abc', configHash: 'c' },
  paused: undefined,
  runUnderWay: undefined,
  lastRollback: undefined,
  usersBack: undefined,
  writesLost: known({ inserts: 1, updates: 1, deletes: 1, perTenant: { negoes: 3 } }),
  backup: known({ hash: 'm', takenAt: now - 7_200_000 }),
  mongo: known({ unified: 'reachable', legacy: 'reachable', legacyWritable: true }),
  legacyDatabases: known([]),
  plan: known({ hash: 'p', legacyCommit: 'abc' }),
  lease: known({ heldBy: 'us', mine: true }),
};

const reach = fc.constantFrom('reachable' as const, 'unreachable' as const, 'login-refused' as const);
const count = fc.option(fc.nat(200), { nil: undefined });
const fact = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> =>
  fc.oneof({ weight: 5, arbitrary: values.map(known) }, { weight: 1, arbitrary: fc.constant(unknown('not known')) });

const hash = fc.constantFrom('m', 'other');
const legacyDatabase = fc.record({
  name: fc.constantFrom('superkafe_negoes', 'superkafe_warung'),
  policy: fc.constantFrom('restore' as const, 'leave' as const, 'merge' as const),
  onDifferent: fc.constantFrom('ask' as const, 'replace' as const),
  state: fact(fc.constantFrom('equal' as const, 'absent' as const, 'different' as const)),
});

/** Whatever may be found out about the world; the journal's half is given, or clear. */
export const worldFacts = fc.record({
  configHash: fc.constantFrom('c', 'c', 'c', 'changed'),
  writesLost: fact(fc.record({ inserts: count, updates: count, deletes: count, perTenant: fc.constant({}) })),
  backup: fact(fc.record({ hash, takenAt: fc.constantFrom(now - 7_200_000, now) })),
  mongo: fact(fc.record({ unified: reach, legacy: reach, legacyWritable: fc.boolean() })),
  legacyDatabases: fact(fc.array(legacyDatabase, { maxLength: 2 })),
  plan: fact(fc.constantFrom({ hash: 'p', legacyCommit: 'abc' }, { hash: 'q', legacyCommit: 'moved' })),
  lease: fact(fc.record({ heldBy: fc.constant('somebody'), mine: fc.boolean() })),
});

export const anyFacts: fc.Arbitrary<GuardFacts> = worldFacts.map((facts) => ({ ...clearFacts, ...facts }));
