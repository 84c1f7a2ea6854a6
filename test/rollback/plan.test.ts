import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/actions/contract.ts';
import type { LegacyState } from '../../src/actions/legacy-state.ts';
import type { ActionName, Plan } from '../../src/model/plan.ts';
import { assess } from '../../src/rollback/assess.ts';
import { buildContainment } from '../../src/rollback/containment.ts';
import { buildPlan } from '../../src/rollback/plan.ts';
import { type SettingsChange, secrets } from '../actions/settings.ts';
import { collection } from '../actions/stored.ts';
import { openTarget } from '../actions/target.ts';
import { legacyCommit } from '../actions/target-state.ts';

const signal = new AbortController().signal;

const state = (database: string, found: LegacyState['state']): LegacyState => ({
  database,
  policy: 'restore',
  onDifferent: 'replace',
  state: found,
  differences: found === 'different' ? ['menus has 3 documents instead of 2'] : [],
  extraCollections: [],
  expired: [],
  missingIndexes: [],
  documents: 100,
  bytes: 10_000,
});

const lacking = (database: string, options: Record<string, unknown>): LegacyState => ({
  ...state(database, 'equal'),
  missingIndexes: [{ collection: 'menus', index: { name: 'at_1', key: [['at', 1]], options } }],
});

function planOf(legacyStates: LegacyState[], changes: Partial<Assessment> = {}, configHash = 'config'): Plan {
  using target = openTarget();
  const { manifest } = target.state;
  return buildPlan(
    target.world,
    { manifest, legacyCommit, unifiedBytes: 5, legacyStates, ...changes },
    'rollback',
    configHash,
  );
}

const mixed = [state('cafe_a', 'equal'), state('cafe_b', 'absent'), state('cafe_c', 'different')];
const ids = ({ steps }: Plan) => steps.map(({ id }) => id);
const before = (plan: Plan, first: ActionName, later: ActionName) => {
  const actions = plan.steps.map(({ action }) => action);
  return actions.lastIndexOf(first) < actions.indexOf(later);
};

describe('the plan', () => {
  it('does the whole runbook in its order', () => {
    expect(ids(planOf(mixed))).toEqual([
      'check-target',
      'check-backup',
      'check-disk',
      'check-legacy-environment',
      'stage-code',
      'stage-dependencies',
      'check-switch',
      'try-unified-snapshot',
      'try-legacy-snapshot:cafe_c',
      'bring-in-database:cafe_b',
      'save-changes',
      'check-room',
      'show-maintenance',
      'stop-application',
      'prove-fence',
      'snapshot-unified',
      'snapshot-legacy:cafe_c',
      'restore-database:cafe_c',
      'verify-database:cafe_a',
      'verify-database:cafe_b',
      'verify-database:cafe_c',
      'freeze-deploys',
      'switch-code',
      'switch-dependencies',
      'switch-environment',
      'start-application',
      'await-liveness',
      'check-startup-logs',
      'prove-database-in-use',
      'functional-tests',
      'enable-traffic',
      'smoke-test',
      'check-error-log',
      'check-response-time',
      'remove-staging',
    ]);
  });

  it.each<[ActionName, ActionName]>([
    ['check-target', 'stop-application'],
    ['try-unified-snapshot', 'stop-application'],
    ['try-legacy-snapshot', 'stop-application'],
    ['check-backup', 'stop-application'],
    ['check-disk', 'bring-in-database'],
    ['stage-dependencies', 'stop-application'],
    ['stage-dependencies', 'check-switch'],
    ['check-switch', 'show-maintenance'],
    ['bring-in-database', 'save-changes'],
    ['save-changes', 'check-room'],
    ['check-room', 'show-maintenance'],
    ['bring-in-database', 'stop-application'],
    ['build-indexes', 'stop-application'],
    ['prove-fence', 'snapshot-unified'],
    ['snapshot-unified', 'restore-database'],
    ['verify-database', 'switch-code'],
    ['switch-environment', 'start-application'],
    ['prove-database-in-use', 'functional-tests'],
    ['functional-tests', 'enable-traffic'],
    ['verify-database', 'enable-traffic'],
  ])('has %s behind it before it comes to %s', (first, later) => {
    const several = [...mixed, state('cafe_d', 'different'), state('cafe_e', 'absent'), lacking('cafe_f', {})];
    expect(before(planOf(several), first, later)).toBe(true);
  });

  it('replaces what differs and nothing else, each after a snapshot of its own', () => {
    const plan = planOf([state('x', 'different'), state('y', 'equal'), state('z', 'different')]);
    const about = (action: ActionName) =>
      plan.steps.filter((one) => one.action === action).map(({ subject }) => subject);
    expect(about('restore-database')).toEqual(['x', 'z']);
    expect(about('snapshot-legacy')).toEqual(['x', 'z']);
    expect(about('verify-database')).toEqual(['x', 'y', 'z']);
    expect(about('bring-in-database')).toEqual([]);
  });

  it('builds what an equal database lacks of indexes before the stop, and says by which the server deletes documents', () => {
    const plan = planOf([state('x', 'equal'), lacking('y', {}), lacking('z', { expireAfterSeconds: 5 })]);
    expect(ids(plan).filter((id) => id.startsWith('build-indexes'))).toEqual(['build-indexes:y', 'build-indexes:z']);
    const effectOf = (id: string) => plan.steps.find((step) => step.id === id)?.effect;
    expect(effectOf('build-indexes:y')).toMatch(/no document of it is changed$/);
    expect(effectOf('build-indexes:z')).toMatch(/the server deletes what has expired by at_1 of menus$/);
  });

  it('replaces each database right after its snapshot, so that little time lies between them', () => {
    const plan = planOf([state('x', 'different'), state('z', 'different')]);
    const position = ids(plan).indexOf('snapshot-unified');
    expect(ids(plan).slice(position + 1, position + 5)).toEqual([
      'snapshot-legacy:x',
      'restore-database:x',
      'snapshot-legacy:z',
      'restore-database:z',
    ]);
  });

  it('gives no two steps the same id, and never names the unified database as one to be restored', () => {
    const plan = planOf([...mixed, state('cafe_d', 'different')]);
    expect(new Set(ids(plan)).size).toBe(plan.steps.length);
    expect(plan.steps.filter(({ subject }) => subject === 'cafe_v2')).toEqual([]);
  });

  it('says from where on going back loses writes', () => {
    expect(planOf(mixed).pointOfNoReturn).toBe('enable-traffic');
  });

  it('contains with a stop, a maintenance answer and a fence, and asks neither backup nor code', () => {
    using target = openTarget();
    const fails = () => Promise.reject(new Error('must not be asked'));
    Object.assign(target.world, { scanBackup: fails });
    Object.assign(target.world.code, { legacyCommit: fails });
    const plan = buildContainment(target.world, 'config');
    expect(ids(plan)).toEqual(['show-maintenance', 'stop-application', 'prove-fence']);
    expect(plan).toMatchObject({ kind: 'containment' });
    expect(plan.pointOfNoReturn).toBeUndefined();
  });
});

describe('the hash of a plan', () => {
  const { hash } = planOf(mixed);

  it('is the same for the same things done to the same target from the same backup', () => {
    expect(planOf(mixed).hash).toBe(hash);
    const reworded = mixed.map((one) => ({ ...one, documents: 7, bytes: 7, differences: ['other words'] }));
    expect(planOf(reworded, { unifiedBytes: 99 }).hash).toBe(hash);
  });

  it('is another one when anything that people approve is another', () => {
    using target = openTarget();
    const { manifest } = target.state;
    const others = [
      planOf(mixed, {}, 'another config'),
      planOf(mixed, { legacyCommit: 'another commit' }),
      planOf(mixed, { manifest: { ...manifest, hash: 'another backup' } }),
      planOf([...mixed, state('cafe_d', 'different')]),
      planOf([state('cafe_a', 'different'), ...mixed.slice(1)]),
    ];
    expect(new Set([hash, ...others.map((plan) => plan.hash)]).size).toBe(6);
  });
});

describe('the words of a plan', () => {
  it('hold no password, and say of each step what it does, changes and proves', () => {
    for (const step of planOf(mixed).steps) {
      for (const secret of secrets) expect(JSON.stringify(step)).not.toContain(secret);
      expect(step.title.length).toBeGreaterThan(10);
      expect(step.evidence).not.toBe('');
      expect(step.effect).not.toBe('');
      expect(step.expectedMs).toBeGreaterThan(0);
      expect(JSON.stringify(step)).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('assessing', () => {
  const assessed = async (changes: SettingsChange = {}, spoil?: (legacy: Record<string, unknown>) => void) => {
    using target = openTarget(changes);
    spoil?.(target.state.legacy);
    const { legacyStates } = await assess(target.world, signal);
    return legacyStates.map(({ database, state: found }) => [database, found]);
  };

  it('reads of the backup only what looks changed, unless it is to be read whole', async () => {
    using target = openTarget();
    const readings: unknown[] = [];
    const { scanBackup } = target.world;
    Object.assign(target.world, {
      scanBackup: (within: AbortSignal, reading: unknown) => {
        readings.push(reading);
        return scanBackup(within);
      },
    });
    await assess(target.world, signal);
    await assess(target.world, signal, 'whole');
    expect(readings).toEqual(['changed', 'whole']);
  });

  it('says which time series of the unified database no snapshot keeps', async () => {
    using target = openTarget();
    target.state.timeSeries = { [target.settings.mongo.unified.database]: ['weather'] };
    const plan = buildPlan(target.world, await assess(target.world, signal), 'rollback', 'config');
    const titles = plan.steps.map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/^Keep .* without its time series weather: they stay/));
  });

  it('tells equal, absent and different apart', async () => {
    expect(await assessed()).toEqual([
      ['cafe_negoes', 'equal'],
      ['cafe_kopi', 'different'],
    ]);
    const gone = await assessed({}, (legacy) => delete legacy.cafe_negoes);
    expect(gone[0]).toEqual(['cafe_negoes', 'absent']);
  });

  it('calls a database equal that only has more collections', async () => {
    const more = (legacy: Record<string, unknown>) => {
      legacy.cafe_kopi = [collection('menus', 2), collection('notes', 1)];
    };
    expect((await assessed({}, more))[1]).toEqual(['cafe_kopi', 'equal']);
  });

  it('does not look at what is to be left', async () => {
    const leave = { name: 'cafe_kopi', tenant: 'kopi', policy: 'leave' as const };
    expect(await assessed({ mongo: { legacyDatabases: [leave] } })).toEqual([]);
  });

  it('fails where the backup does not hold what is to be restored', async () => {
    const unknown = { name: 'cafe_new', tenant: 'new', policy: 'restore' as const };
    await expect(assessed({ mongo: { legacyDatabases: [unknown] } })).rejects.toMatchObject({
      reason: 'backup-changed',
    });
  });

  it('fails where the backup does not hold a collection that is to be merged: nothing would look as it should', async () => {
    const merged = { name: 'cafe_negoes', policy: 'merge' as const, collections: ['menus', 'ordres'] };
    await expect(assessed({ mongo: { legacyDatabases: [merged] } })).rejects.toMatchObject({
      reason: 'collection-absent',
      message: expect.stringContaining('cafe_negoes lacks ordres'),
    });
  });
});
