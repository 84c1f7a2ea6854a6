import { expect, it } from 'vitest';
import { arm } from '../../src/commands/arm.ts';
import { disarm } from '../../src/commands/disarm.ts';
import type { Observation } from '../../src/model/observation.ts';
import { as, hour, settings, stage, start } from './fixture.ts';

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
    'guard.maxWritesLost is not configured',
  ],
  ['guard.until is over', { settings: { guard: { ...guard, until: start } } }, 'guard.until lies in the past'],
  ['no plan can be made', { unplannable: 'no tag pre-migration' }, 'no plan can be made: no tag pre-migration'],
  ['a legacy database waits for a person', { legacyStates: [different] }, 'cafe_a differs from the backup and waits'],
  ['nothing of the unified database could be kept', { unifiedNotKept: 'it is gone' }, 'could be kept: it is gone'],
  ['the process manager is not to be trusted', { doctor: ['pm2 is our own child'] }, 'pm2 is our own child'],
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
  const planner: typeof context.planner = {
    draft: (signal, reading) => {
      readings.push(reading);
      return context.planner.draft(signal, reading);
    },
  };
  await arm({ ...context, planner }, as('ana'), args);
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
  const { context } = stage({ settings: { guard: withoutLimit }, unplannable: 'no tag', doctor: ['pm2 is strange'] });
  await expect(arm(context, as('ana'), args)).rejects.toThrow(/maxWritesLost.*pm2 is strange.*no tag/);
});

it('refuses when the target cannot be examined', async () => {
  const { context } = stage();
  const blind = { ...context, doctor: () => Promise.reject(new Error('pm2 does not answer')) };
  await expect(arm(blind, as('ana'), args)).rejects.toThrow('the target could not be examined: pm2 does not answer');
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

it('goes back to the configured mode when it is disarmed, and only then', async () => {
  const { context, memory } = stage();
  await expect(disarm(context, as('dan'), { reason: 'x' })).rejects.toMatchObject({ reason: 'not-armed' });
  await arm(context, as('ana'), args);
  await disarm(context, as('dan'), { reason: 'x' });
  expect(memory.state()).toMatchObject({ mode: 'approve', armed: undefined });
});
