import { expect, it } from 'vitest';
import { arm } from '../../src/commands/arm.ts';
import { disarm } from '../../src/commands/disarm.ts';
import type { Observation } from '../../src/model/observation.ts';
import { known, unknown } from '../../src/rules/guards/facts.ts';
import { as, hour, letIn, plan, rollbackFailed, settings, stage, start } from './fixture.ts';

const args = { reason: 'the weekend' };

it('pins the backup and the configuration, and says aloud which guards are off', async () => {
  const { context, last } = stage();
  const { text, notes } = await arm(context, as('tom'), args);
  expect(last()).toEqual({
    kind: 'mode.armed',
    person: 'tom',
    reason: 'the weekend',
    role: 'technical-lead',
    until: start + 24 * hour,
    manifestHash: 'manifest-0123456789',
    legacyCommit: 'abc',
    backupTakenAt: 0,
    configHash: 'config-0123456789',
    cutoverAt: start - hour,
    guardsOff: ['drill', 'readiness'],
  });
  expect(text).toBe('rollbackd is armed until 2026-03-02T12:00:00.000Z: it acts alone on critical breaches');
  expect(notes.filter((note) => note.includes('nothing replaces that proof'))).toHaveLength(2);
});

const { guard } = settings;
const { maxWritesLost: _, ...withoutLimit } = guard;
const different = { database: 'cafe_a', state: 'different', onDifferent: 'ask', differences: ['1 more'] } as const;

it.each([
  [
    'nobody said how many writes may be lost',
    { settings: { guard: withoutLimit } },
    'max-writes-lost: maxWritesLost is not written in the configuration',
  ],
  ['guard.until is over', { settings: { guard: { ...guard, until: start } } }, 'guard.until lies in the past'],
  [
    'the cut-over lies in the future',
    { settings: { migration: { cutoverAt: start + 1 } } },
    'migration.cutoverAt lies in the future',
  ],
  ['no plan can be made', { unplannable: 'no tag pre-migration' }, 'plan: no plan could be made: no tag pre-migration'],
  [
    'a legacy database waits for a person',
    { legacyStates: [different] },
    'cafe_a differs from the backup and a person decides',
  ],
  [
    'nothing of the unified database could be kept',
    { unifiedNotKept: 'it is gone' },
    'keeps NOTHING of the unified database, so a person decides: it is gone',
  ],
  [
    'collections of the unified database itself would be replaced',
    {
      facts: {
        plan: known({
          hash: plan.hash,
          legacyCommit: plan.legacyCommit,
          replacesInUnified: 'users of the unified database v2 itself',
        }),
      },
    },
    'plan: a plan stands ready (',
  ],
  [
    'deletes have a limit, which nothing can count',
    {
      settings: {
        guard: { ...guard, maxWritesLost: { ...guard.maxWritesLost, inserts: 100, updates: 100, deletes: 5 } },
      },
    },
    'deletes since cut-over cannot be counted (limit 5)',
  ],
  [
    'the backup looks younger than the cut-over',
    { facts: { backup: known({ hash: plan.manifestHash, takenAt: start - hour }) } },
    'its newest file says so; a copy keeps the file times only with `cp -p`',
  ],
  ['the databases are out of reach', { facts: { mongo: unknown('no answer') } }, 'would-help: the databases could not'],
  ['the lease cannot be asked for', { facts: { lease: unknown('not allowed') } }, 'lease: the lease on the target'],
  ['users are back on the legacy databases', { past: letIn() }, 'not-rolled-back-yet: run-9 has rolled back already'],
  [
    'the process manager is not to be trusted',
    { obstacles: [{ what: 'pm2 is our own child', mend: 'start it yourself' }] },
    'pm2 is our own child. Mend: start it yourself',
  ],
])('refuses while %s', async (_when, props, message) => {
  const { context, journalled } = stage(props);
  await expect(arm(context, as('ana'), args)).rejects.toMatchObject({
    reason: 'not-armable',
    message: expect.stringContaining(message),
  });
  expect(journalled()).toEqual([]);
});

it('pins a backup that was read whole, whatever is remembered of it', async () => {
  const { context } = stage();
  const readings: unknown[] = [];
  const gatherFacts: typeof context.gatherFacts = (signal, reading) => {
    readings.push(reading);
    return context.gatherFacts(signal, reading);
  };
  await arm({ ...context, gatherFacts }, as('ana'), args);
  expect(readings).toEqual(['whole']);
});

const health = (application: 'up' | 'down', balancer: 'up' | 'down'): Observation => ({
  probe: 'health',
  status: 'observed',
  at: start,
  tookMs: 3,
  values: {
    application: { outcome: application, why: application === 'up' ? 'ok' : 'refused', tookMs: 1 },
    balancer: { outcome: balancer, why: balancer === 'up' ? 'ok' : 'body', status: 200, tookMs: 1 },
    vantage: {},
  },
});

it('refuses while the balancer could not confirm an outage: it answers for the application', async () => {
  const { context } = stage({ observations: [health('up', 'down')] });
  await expect(arm(context, as('ana'), args)).rejects.toThrow(
    /not through the balancer \(body, status 200\).*balancer/,
  );
  await arm(stage({ observations: [health('up', 'up')] }).context, as('ana'), args);
  await arm(stage({ observations: [health('down', 'down')] }).context, as('ana'), args);
});

it('names everything that stands against it at once', async () => {
  const { context } = stage({
    settings: { guard: withoutLimit },
    unplannable: 'no tag',
    obstacles: [{ what: 'pm2 is strange', mend: 'look' }],
  });
  await expect(arm(context, as('ana'), args)).rejects.toThrow(/pm2 is strange.*maxWritesLost.*no tag/);
});

it('takes a legacy database that may be replaced', async () => {
  const { context, journalled } = stage({ legacyStates: [{ ...different, onDifferent: 'replace' }] });
  await arm(context, as('ana'), args);
  expect(journalled()).toEqual(['mode.armed']);
});

it('does not read the databases while a run proves which of them is used', async () => {
  const { context } = stage({ busy: true });
  await expect(arm(context, as('ana'), args)).rejects.toMatchObject({ reason: 'run-under-way' });
});

it.each([
  [
    'so many writes',
    { facts: { writesLost: known({ inserts: 101, updates: undefined, deletes: undefined, perTenant: {} }) } },
    /max-writes-lost: 101 inserts since cut-over would be lost \(limit 100\)/,
  ],
  [
    'another daemon at work',
    { facts: { lease: unknown('host-2 may act', true) } },
    /lease: the lease on the target is not ours: host-2 may act/,
  ],
  ['a rollback just over', { past: rollbackFailed() }, /cooldown: run-9 ended 0ms ago/],
])('arms with %s, and says aloud that it does not act alone as things stand', async (_what, props, saying) => {
  const { context, journalled } = stage(props);
  const { text, notes } = await arm(context, as('ana'), args);
  expect(journalled()).toEqual(['mode.armed']);
  expect(text).not.toContain('it acts alone on critical breaches');
  expect(notes.join('\n')).toMatch(saying);
});

it('goes back to the configured mode when it is disarmed, and only then', async () => {
  const { context, memory } = stage();
  await expect(disarm(context, as('dan'), { reason: 'x' })).rejects.toMatchObject({ reason: 'not-armed' });
  await arm(context, as('ana'), args);
  await disarm(context, as('dan'), { reason: 'x' });
  expect(memory.state()).toMatchObject({ mode: 'approve', armed: undefined });
});
