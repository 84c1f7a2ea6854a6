import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardName } from '../../src/model/guard.ts';
import { guardName } from '../../src/model/guard.ts';
import type { MongoValues } from '../../src/model/observation.ts';
import type { CriterionName } from '../../src/model/verdict.ts';
import type { Criterion } from '../../src/rules/criteria/criterion.ts';
import { type GuardFacts, known, type LegacyDatabaseFact, unknown } from '../../src/rules/guards/facts.ts';
import { allGuardsPass, judgeGuards } from '../../src/rules/guards/guards.ts';
import { judgeWouldHelp } from '../../src/rules/guards/would-help.ts';
import type { GuardConfig } from '../../src/rules/schema.ts';
import { anyFacts, clearFacts, guardConfig, now } from './arbitrary-facts.ts';

const judge = (facts: Partial<GuardFacts>, config: Partial<GuardConfig> = {}) =>
  judgeGuards({ ...clearFacts, ...facts }, { ...guardConfig, ...config }, 'unavailable');

const saidBy = (name: GuardName, facts: Partial<GuardFacts>, config: Partial<GuardConfig> = {}) => {
  const { outcome, reason } = judge(facts, config).find(({ guard }) => guard === name) ?? {};
  return `${outcome}: ${reason}`;
};

const nobody = unknown('nobody could look');
const lastRollback = { run: 'run-1', endedAt: now - 1_000, touched: true, automatic: false, acknowledged: false };
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
    { armed: { until: now, manifestHash: 'm', legacyCommit: 'abc', configHash: 'c' } },
    /armed only until 2026-01-10T03:00:00Z/,
  ],
  ['armed-until', { configHash: 'changed' }, /changed since it was armed/],
  ['pause', { paused: { person: 'Sari', reason: 'a deploy', until: now + 1 } }, /paused by Sari .*: a deploy/],
  ['one-run', { runUnderWay: 'run-9' }, /run-9 is under way/],
  ['cooldown', { lastRollback }, /run-1 ended 1s ago \(cooldown 24h\)/],
  [
    'cooldown',
    { lastRollback: { ...lastRollback, touched: false, endedAt: now - 299_000 } },
    /run-1 ended without having stopped anything 4m59s ago \(cooldown 5m\)/,
  ],
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
  [
    'code-pinned',
    { plan: known({ hash: 'p', legacyCommit: 'def0123456789' }) },
    /code\.legacyRef names another commit than was pinned \(abc, now def0123456\)/,
  ],
  [
    'code-pinned',
    { armed: { until: now + 86_400_000, manifestHash: 'm', configHash: 'c' } },
    /no commit is pinned: that happens when the daemon is armed/,
  ],
  ['backup-pinned', { backup: known({ hash: 'other', takenAt: 0 }) }, /changed since it was pinned/],
  ['backup-pinned', { backup: known({ hash: 'm', takenAt: now - 3_600_000 }) }, /after cut-over/],
  ['legacy-databases', { legacyDatabases: nobody }, /could not be compared/],
  ['legacy-databases', { legacyDatabases: known([database]) }, /superkafe_negoes differs from the backup/],
  [
    'legacy-databases',
    { legacyDatabases: known([{ ...database, state: nobody }]) },
    /superkafe_negoes could not be compared/,
  ],
  [
    'plan',
    { plan: known({ hash: 'p', legacyCommit: 'abc', unifiedNotKept: 'its server does not answer' }) },
    /keeps NOTHING of the unified database, so a person decides: its server does not answer/,
  ],
  [
    'plan',
    { plan: known({ hash: 'p', legacyCommit: 'abc', replacesInUnified: 'users of the unified database v2 itself' }) },
    /replaces users of the unified database v2 itself, so a person decides/,
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
    expect(failed.map(({ guard }) => guard)).toEqual(['armed-until', 'backup-pinned', 'code-pinned']);
  });

  it('know neither a plan nor its commit where none can be made', () => {
    const failed = judge({ plan: nobody }).filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ guard, reason }) => [guard, reason])).toEqual([
      ['code-pinned', 'which commit would be rolled back to is not known: nobody could look'],
      ['plan', expect.stringContaining('no plan could be made')],
    ]);
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

  it('would-help: names every fault of the servers, and whose it is', () => {
    const said = (unified: MongoValues['unified'], legacy: MongoValues['legacy'], legacyWritable = true) =>
      saidBy('would-help', { mongo: known({ unified, legacy, legacyWritable }) });
    const administrator = 'ask the database administrator';
    expect(said('reachable', 'reachable')).toBe(
      'passed: the database server is well: the fault is in the application, which a rollback replaces',
    );
    expect(said('reachable', 'unreachable', false)).toBe(
      `failed: the legacy databases are unreachable: ${administrator}`,
    );
    expect(said('reachable', 'login-refused', false)).toMatch(/^failed: the legacy databases refuse the login/);
    expect(said('reachable', 'reachable', false)).toBe(
      `failed: the legacy databases do not accept writes: ${administrator}`,
    );
    expect(said('unreachable', 'unreachable', false)).toBe(
      `failed: the unified database is unreachable: the server is at fault, ${administrator}; the legacy databases are unreachable: ${administrator}`,
    );
    expect(said('login-refused', 'reachable')).toMatch(
      /^passed: the unified database refuses the login.*, but the leg/,
    );
  });

  it('would-help: a rollback mends no login that is refused where the connection itself is the trouble, and leaks always', () => {
    const about = (criterion: CriterionName, unified: MongoValues['unified']) => {
      const mongo = known({ unified, legacy: 'reachable', legacyWritable: true } as const);
      const results = judgeGuards({ ...clearFacts, mongo }, guardConfig, criterion);
      const { outcome, reason } = results.find(({ guard }) => guard === 'would-help') ?? {};
      return `${outcome}: ${reason}`;
    };
    expect(about('database-connection', 'login-refused')).toBe(
      'failed: the unified database refuses the login: a configuration fault',
    );
    expect(about('database-connection', 'reachable')).toMatch(/^passed: mongod answers rollbackd/);
    expect(about('database-connection', 'unreachable')).toMatch(/^passed: the unified database is unreachable/);
    expect(about('unavailable', 'login-refused')).toMatch(/^passed: the unified database refuses the login/);
    expect(about('cross-tenant-leak', 'login-refused')).toMatch(/^passed: .* keep tenants apart$/);
  });

  it('count every kind of write by its own limit, up to the limit itself', () => {
    const lost = (inserts: number, updates: number | undefined, perTenant: Readonly<Record<string, number>> = {}) =>
      known({ inserts, updates, deletes: 10, perTenant });
    const maxWritesLost = { inserts: 100, updates: 'unlimited', deletes: 10 } as const;
    const said = (writesLost: GuardFacts['writesLost']) => saidBy('max-writes-lost', { writesLost }, { maxWritesLost });
    expect(said(lost(100, 5_000))).toBe(
      'passed: 100 inserts would be lost (limit 100), 5000 updates would be lost (limit unlimited), 10 deletes would be lost (limit 10)',
    );
    expect(said(lost(0, undefined))).toMatch(/^passed: 0 inserts .*, uncounted updates would be lost/);
    expect(said(lost(101, undefined))).toBe(
      'failed: 101 inserts since cut-over would be lost (limit 100) (by tenant: unknown)',
    );
    const five = { a: 1, b: 5, c: 3, d: 4, e: 2 };
    expect(said(lost(101, 0, five))).toMatch(/\(by tenant: b 5, d 4, c 3, e 2, a 1\)$/);
    expect(said(lost(101, 0, { ...five, f: 6 }))).toMatch(/\(by tenant: f 6, b 5, d 4, c 3, e 2 and 1 more\)$/);
  });

  it('ask about no legacy database that is left, equal, absent, or may be replaced', () => {
    const legacyDatabases = known<readonly LegacyDatabaseFact[]>([
      { ...database, policy: 'leave' },
      { ...database, policy: 'leave', state: nobody },
      { ...database, state: known('equal') },
      { ...database, state: known('absent') },
      { ...database, policy: 'merge', onDifferent: 'replace' },
    ]);
    expect(saidBy('legacy-databases', { legacyDatabases })).toBe(
      'passed: 3 legacy databases are equal, absent or may be replaced',
    );
  });

  it('count time to the very moment: of a cut-over, a pause and a cooldown', () => {
    expect(allGuardsPass(judge({ cutoverAt: now }))).toBe(true);
    const paused = { person: 'Sari', reason: 'a deploy', until: now };
    expect(saidBy('pause', { paused })).toBe('passed: acting is not paused');
    const cooling = (endedAt: number | undefined) =>
      saidBy('cooldown', { lastRollback: { ...lastRollback, endedAt } }, { cooldown: 60_000 });
    expect(cooling(now - 60_000)).toBe('passed: run-1 ended 1m ago (cooldown 1m)');
    expect(cooling(now - 59_000)).toBe('failed: run-1 ended 59s ago (cooldown 1m)');
    expect(cooling(now + 5_000)).toBe('failed: run-1 ended 0ms ago (cooldown 1m)');
    expect(cooling(undefined)).toBe('failed: run-1 has not ended');
  });

  it('show the first twelve digits of a hash, which tell any two apart', () => {
    const [pinned, other] = ['0123456789abcdef', 'fedcba9876543210'];
    const armed = { until: now + 1, manifestHash: pinned, configHash: 'c' };
    const backup = (hash: string) => known({ hash, takenAt: now - 7_200_000 });
    expect(saidBy('backup-pinned', { armed, backup: backup(pinned) })).toMatch(/is the pinned one \(0123456789ab\)$/);
    expect(saidBy('backup-pinned', { armed, backup: backup(other) })).toMatch(
      /since it was pinned \(0123456789ab, now fedcba987654\)$/,
    );
    expect(saidBy('plan', { plan: known({ hash: pinned, legacyCommit: 'abc' }) })).toBe(
      'passed: a plan stands ready (0123456789ab)',
    );
  });
});
