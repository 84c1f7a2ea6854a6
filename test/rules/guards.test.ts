import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardName } from '../../src/model/guard.ts';
import { guardName } from '../../src/model/guard.ts';
import type { Criterion } from '../../src/rules/criteria/criterion.ts';
import { type GuardFacts, known, type LegacyDatabaseFact, unknown } from '../../src/rules/guards/facts.ts';
import { allGuardsPass, judgeGuards } from '../../src/rules/guards/guards.ts';
import { judgeWouldHelp } from '../../src/rules/guards/would-help.ts';
import type { GuardConfig } from '../../src/rules/schema.ts';
import { anyFacts, clearFacts, guardConfig, now } from './arbitrary-facts.ts';

const judge = (facts: Partial<GuardFacts>, config: Partial<GuardConfig> = {}) =>
  judgeGuards({ ...clearFacts, ...facts }, { ...guardConfig, ...config }, 'unavailable');

const nobody = unknown('nobody could look');
const lastRollback = { run: 'run-1', endedAt: now - 1_000, automatic: false, acknowledged: false };
const database: LegacyDatabaseFact = {
  name: 'superkafe_negoes',
  policy: 'restore',
  onDifferent: 'ask',
  state: known('different'),
};

/** One fact changed at a time: which single guard fails, and what it says. */
const obstacles: readonly [GuardName, Partial<GuardFacts>, RegExp][] = [
  ['mode', { mode: 'approve' }, /mode is approve/],
  [
    'armed-until',
    { armed: { until: now, manifestHash: 'm', configHash: 'c' } },
    /armed only until 2026-01-10T03:00:00Z/,
  ],
  ['armed-until', { configHash: 'changed' }, /changed since it was armed/],
  ['pause', { paused: { person: 'Sari', reason: 'a deploy', until: now + 1 } }, /paused by Sari .*: a deploy/],
  ['one-run', { runUnderWay: 'run-9' }, /run-9 is under way/],
  ['cooldown', { lastRollback }, /run-1 ended 1s ago \(cooldown 24h\)/],
  [
    'acknowledged',
    { lastRollback: { ...lastRollback, automatic: true, endedAt: now - 1e9 } },
    /nobody has acknowledged/,
  ],
  [
    'not-rolled-back-yet',
    { usersBack: { run: 'run-1', startedAt: now - 3_600_000, since: now - 60_000, byHand: false } },
    /run-1 has rolled back already: users have been writing to the legacy databases since 2026-01-10T02:59:00Z/,
  ],
  [
    'not-rolled-back-yet',
    {
      usersBack: {
        run: 'run-1',
        startedAt: now - 3_600_001,
        cutoverAt: now - 3_600_000,
        since: now - 60_000,
        byHand: false,
      },
    },
    /run-1 has rolled back already/,
  ],
  [
    'not-rolled-back-yet',
    { usersBack: { run: 'run-1', startedAt: now - 3_600_000, since: now - 60_000, byHand: true } },
    /run-1 was settled by people: users may have been writing/,
  ],
  ['would-help', { mongo: nobody }, /could not be looked at: nobody could look/],
  ['max-writes-lost', { writesLost: nobody }, /could not be counted: nobody could look/],
  [
    'max-writes-lost',
    { writesLost: known({ inserts: 101, updates: 0, deletes: 0, perTenant: { kopi: 90, negoes: 11 } }) },
    /101 inserts .* \(limit 100\) \(by tenant: kopi 90, negoes 11\)/,
  ],
  [
    'max-writes-lost',
    { writesLost: known({ inserts: 0, updates: 0, deletes: undefined, perTenant: {} }) },
    /deletes since cut-over cannot be counted/,
  ],
  ['backup-pinned', { backup: nobody }, /could not be checked/],
  ['backup-pinned', { backup: known({ hash: 'other', takenAt: 0 }) }, /changed since it was pinned/],
  ['backup-pinned', { backup: known({ hash: 'm', takenAt: now - 3_600_000 }) }, /after cut-over/],
  ['legacy-databases', { legacyDatabases: nobody }, /could not be compared/],
  ['legacy-databases', { legacyDatabases: known([database]) }, /superkafe_negoes differs from the backup/],
  [
    'legacy-databases',
    { legacyDatabases: known([{ ...database, state: nobody }]) },
    /superkafe_negoes could not be compared/,
  ],
  ['plan', { plan: nobody }, /no plan could be made/],
  [
    'plan',
    { plan: known({ hash: 'p', unifiedNotKept: 'its server does not answer' }) },
    /keeps NOTHING of the unified database, so a person decides: its server does not answer/,
  ],
  ['lease', { lease: nobody }, /the lease on the target is not ours: nobody could look/],
  ['lease', { lease: known({ heldBy: 'another', mine: false }) }, /held by another/],
];

describe('the guards', () => {
  it('all pass where nothing stands in the way, with drill and readiness off by name', () => {
    const results = judge({});
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(results.filter(({ outcome }) => outcome === 'off').map(({ guard }) => guard)).toEqual([
      'drill',
      'readiness',
    ]);
    expect(allGuardsPass(results)).toBe(true);
  });

  it('are asked one and all, each once', () => {
    expect(
      judge({})
        .map(({ guard }) => guard)
        .sort(),
    ).toEqual([...guardName.options].sort());
  });

  it.each(obstacles)('%s alone fails on its own obstacle (%#)', (guard, facts, saying) => {
    const failures = judge(facts).filter(({ outcome }) => outcome === 'failed');
    expect(failures.map((failure) => failure.guard)).toEqual([guard]);
    expect(failures[0]?.reason).toMatch(saying);
  });

  it('fail where nobody has armed the daemon', () => {
    const failed = judge({ armed: undefined }).filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ guard }) => guard)).toEqual(['armed-until', 'backup-pinned']);
  });

  it('forget a rollback of before the cut-over: that was another migration', () => {
    const usersBack = { run: 'run-1', startedAt: now - 3_600_001, since: now - 60_000, byHand: false };
    expect(allGuardsPass(judge({ usersBack }))).toBe(true);
  });

  it('hold a cut-over that lies in the future against the daemon: nothing can be counted from it, and it ends nothing', () => {
    const unlimited = { inserts: 'unlimited', updates: 'unlimited', deletes: 'unlimited' } as const;
    const usersBack = { run: 'run-1', startedAt: now - 3_600_001, since: now - 60_000, byHand: false };
    const none = known({ inserts: 0, updates: 0, deletes: 0, perTenant: {} });
    const results = judge({ cutoverAt: now + 1, usersBack, writesLost: none }, { maxWritesLost: unlimited });
    const failures = results.filter(({ outcome }) => outcome === 'failed');
    expect(failures.map(({ guard }) => guard)).toEqual(['not-rolled-back-yet', 'max-writes-lost', 'backup-pinned']);
    expect(failures[1]?.reason).toMatch(/lies in the future: the writes since then cannot be counted/);
  });

  it('never pass on the strength of something unknown', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom('unavailable' as const, 'cross-tenant-leak' as const),
        (facts, criterion) => {
          const { writesLost, backup, mongo, legacyDatabases, plan, lease } = facts;
          const everythingKnown = [writesLost, backup, mongo, legacyDatabases, plan, lease].every((one) => one.known);
          if (!everythingKnown) expect(allGuardsPass(judgeGuards(facts, guardConfig, criterion))).toBe(false);
        },
      ),
    );
  });

  it('do not pass by being left out', () => {
    const results = judge({});
    for (const left of results) expect(allGuardsPass(results.filter((one) => one !== left))).toBe(false);
  });

  it('end with the configuration too, however long the daemon is armed', () => {
    expect(allGuardsPass(judge({}, { until: now }))).toBe(false);
  });

  it('let no write be lost where no limit is written, and any where unlimited is', () => {
    const { maxWritesLost: _, ...silent } = guardConfig;
    expect(allGuardsPass(judgeGuards(clearFacts, silent, 'unavailable'))).toBe(false);
    const unlimited = { inserts: 'unlimited', updates: 'unlimited', deletes: 'unlimited' } as const;
    expect(allGuardsPass(judge({ writesLost: nobody }, { maxWritesLost: unlimited }))).toBe(true);
    const some = { ...unlimited, deletes: 5 };
    expect(allGuardsPass(judge({ writesLost: nobody }, { maxWritesLost: some }))).toBe(false);
  });

  it.each([
    ['reachable', 'reachable', true, true],
    ['unreachable', 'unreachable', false, false],
    ['unreachable', 'reachable', false, false],
    ['unreachable', 'reachable', true, true],
    ['login-refused', 'login-refused', false, false],
    ['reachable', 'unreachable', false, false],
    ['reachable', 'reachable', false, false],
  ] as const)('would-help: unified %s, legacy %s, writable %s -> %s', (unified, legacy, legacyWritable, helps) => {
    const results = judge({ mongo: known({ unified, legacy, legacyWritable }) });
    expect(results.find(({ guard }) => guard === 'would-help')?.outcome).toBe(helps ? 'passed' : 'failed');
  });

  it('would-help: after trouble of the legacy databases the application first gets the time to recover, unless it leaks', () => {
    const settling = { legacyBackForMs: 5_000, settleMs: 60_000 };
    const mongo = known({ unified: 'reachable', legacy: 'reachable', legacyWritable: true, settling } as const);
    const about = (mends: Criterion['mends']) => judgeWouldHelp({ ...clearFacts, mongo }, mends);
    expect(about('code').outcome).toBe('failed');
    expect(about('code').reason).toMatch(/came back only 5s ago: .* has 1m to recover/);
    expect(about('connection').outcome).toBe('failed');
    expect(about('isolation').outcome).toBe('passed');
  });
});
