import { expect, it } from 'vitest';
import { acknowledge } from '../../src/commands/acknowledge.ts';
import { close } from '../../src/commands/close.ts';
import { pause, pauseArgs } from '../../src/commands/pause.ts';
import { release } from '../../src/commands/release.ts';
import { resume } from '../../src/commands/resume.ts';
import { rollback, rollbackArgs } from '../../src/commands/rollback.ts';
import { unpause } from '../../src/commands/unpause.ts';
import type { EventBody } from '../../src/model/event.ts';
import { decisionTo, opened as leakOpened } from '../incident/histories.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import {
  as,
  askedWhileContained,
  asking,
  contained,
  hour,
  letIn,
  opened,
  plan,
  rollbackFailed,
  rolledBack,
  rollingBack,
  stage,
  start,
} from './fixture.ts';

const closedAfterFailure = (): EventBody[] => [
  ...opened(),
  ...rollbackFailed('inc-1'),
  { kind: 'incident.closed', incident: 'inc-1', outcome: 'resolved-by-person', reason: 'eva: restored by hand' },
];

const now = { dryRun: false, reason: 'menus are mixed up' } as const;

it('rolls back on the word of a person, as part of the open incident', async () => {
  const { context, asked } = stage({ past: opened() });
  const result = await rollback(context, as('bo'), now);
  expect(asked).toEqual(['roll back by person in inc-1']);
  expect(result).toMatchObject({ run: 'run-1', plan });
});

it('names the databases that are about to be replaced', async () => {
  const cafe = { database: 'cafe_a', state: 'different', onDifferent: 'ask', differences: ['orders: 3 more'] } as const;
  const { context, asked } = stage({ legacyStates: [cafe] });
  const { notes } = await rollback(context, as('stranger'), { dryRun: true });
  expect(notes).toEqual(['cafe_a differs from the backup (orders: 3 more): it is snapshotted, then replaced']);
  expect(asked).toEqual([]);
});

it('refuses while paused, and says by whom', async () => {
  const { context, pass, asked } = stage();
  await pause(context, as('pia'), { reason: 'a fair', for: hour });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({
    reason: 'paused',
    message: 'acting is paused by pia until 2026-03-01T13:00:00.000Z: a fair',
  });
  pass(hour);
  await rollback(context, as('bo'), now);
  expect(asked).toHaveLength(1);
});

it('plans nothing while a run is under way: reading would disturb its proofs', async () => {
  const { context } = stage({ busy: true });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({ reason: 'run-under-way' });
  await expect(rollback(context, as('bo'), { dryRun: true })).rejects.toMatchObject({ reason: 'run-under-way' });
});

it('passes on that another daemon holds the lease', async () => {
  const { context } = stage({ leaseHeldBy: 'host-2' });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({ reason: 'lease-held' });
});

it('takes over what another daemon has left only where it is said so', async () => {
  const { context, asked } = stage();
  await rollback(context, as('bo'), { ...now, takeOver: true });
  expect(asked).toEqual(['roll back by person in no incident, taking over']);
});

it('does not roll back twice in one incident', async () => {
  const { context } = stage({ past: [...opened(), ...rolledBack('inc-1')] });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({ reason: 'not-permitted' });
});

it('does not replace what users have written since an earlier rollback let them in, unless it is said so', async () => {
  const cafe = { database: 'cafe_a', state: 'different', onDifferent: 'ask', differences: ['orders: 3 more'] } as const;
  const { context, asked } = stage({ past: letIn(), legacyStates: [cafe] });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({ reason: 'legacy-is-live' });
  expect(asked).toEqual([]);
  await rollback(context, as('bo'), { ...now, replaceLive: true });
  expect(asked).toHaveLength(1);
});

it('takes no cut-over that is still to come for a reason to replace live databases', async () => {
  const cafe = { database: 'cafe_a', state: 'different', onDifferent: 'ask', differences: ['orders: 3 more'] } as const;
  const settings = { migration: { cutoverAt: start + hour } };
  const { context, pass, asked } = stage({ past: letIn(), legacyStates: [cafe], settings });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({ reason: 'legacy-is-live' });
  pass(hour);
  await rollback(context, as('bo'), now);
  expect(asked).toHaveLength(1);
});

it('does not replace what users may have written since people finished a failed rollback by hand', async () => {
  const cafe = { database: 'cafe_a', state: 'different', onDifferent: 'ask', differences: ['orders: 3 more'] } as const;
  const { context, asked } = stage({ past: closedAfterFailure(), legacyStates: [cafe] });
  await expect(rollback(context, as('bo'), now)).rejects.toMatchObject({
    reason: 'legacy-is-live',
    message: expect.stringContaining('run-9 was settled by people'),
  });
  await rollback(context, as('bo'), { ...now, replaceLive: true });
  expect(asked).toHaveLength(1);
});

it.each([
  ['whose incident is closed', closedAfterFailure(), /inc-1 is closed/],
  [
    'that was acknowledged as failed',
    [...rollbackFailed(), { kind: 'run.acknowledged', run: 'run-9', person: 'ana' } as const],
    /ana has acknowledged/,
  ],
])('does not resume a run %s: users may be back by other hands', async (_which, past, message) => {
  const { context, asked } = stage({ past });
  await expect(resume(context, as('eva'), {})).rejects.toMatchObject({
    reason: 'not-resumable',
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('look at what serves now'),
  });
  expect(asked).toEqual([]);
});

it('takes no real rollback without a reason', () => {
  expect(rollbackArgs.safeParse({}).success).toBe(false);
  expect(rollbackArgs.safeParse({ dryRun: true }).success).toBe(true);
});

it('ends every pause by itself: after an hour, or a week at most', async () => {
  const { context, memory, pass } = stage();
  await pause(context, as('dan'), pauseArgs.parse({ reason: 'backup running' }));
  expect(memory.state().paused?.until).toBe(start + hour);
  const refusal = (lasting: string, reason = 'x') =>
    pauseArgs.safeParse({ reason, for: lasting }).error?.issues[0]?.message;
  expect(refusal('8d')).toBe('a pause lasts at most 168h');
  expect(refusal('0s')).toBe('a pause must last longer than no time at all');
  expect(refusal('1h', ' ')).toBe('a reason must be given: it is written down');
  expect(refusal('1h', 'x'.repeat(1_000))).toBeUndefined();
  expect(refusal('1h', 'x'.repeat(1_001))).toMatch(/at most 1000 characters/);
  pass(hour);
  await expect(unpause(context, as('dan'))).rejects.toMatchObject({ reason: 'not-paused' });
});

it('resumes the newest run that failed or was interrupted, and no other', async () => {
  const failed = stage({ past: rollbackFailed() });
  await resume(failed.context, as('eva'), {});
  await resume(failed.context, as('eva'), { run: 'run-9' });
  expect(failed.asked).toEqual(['resume run-9 by eva', 'resume run-9 by eva']);

  const interrupted = stage({
    past: [...rollingBack(), { kind: 'daemon.started', version: '0', configHash: 'c', pid: 2 }],
  });
  await resume(interrupted.context, as('eva'), {});
  expect(interrupted.asked).toHaveLength(1);
});

it.each([
  ['there was no run', [], undefined, 'no-such-run'],
  ['the run is unknown', rollbackFailed(), 'run-8', 'no-such-run'],
  ['it has succeeded', rolledBack(), undefined, 'not-resumable'],
  ['a later run took its place', [...contained(), ...rollbackFailed('inc-1')], 'run-0', 'not-resumable'],
] as const)('does not resume when %s', async (_when, past, run, reason) => {
  const { context, asked } = stage({ past });
  await expect(resume(context, as('eva'), { run })).rejects.toMatchObject({ reason });
  expect(asked).toEqual([]);
});

it.each([
  ['while people are asked', askedWhileContained()],
  ['before they are asked', contained()],
])('releases a contained application %s', async (_when, past) => {
  const { context, journalled, last } = stage({ past });
  await release(context, as('tom'), { reason: 'mended' });
  expect(journalled()).toEqual(['containment.releasing', 'containment.released']);
  expect(last()).toEqual({ kind: 'containment.released', incident: 'inc-1', person: 'tom', reason: 'mended' });
});

it.each([
  ['nothing is contained', opened(), 'not-contained'],
  ['the rollback has failed', [...contained(), ...rollbackFailed('inc-1')], 'not-releasable'],
])('does not release when %s', async (_when, past, reason) => {
  const { context } = stage({ past });
  await expect(release(context, as('tom'), { reason: 'x' })).rejects.toMatchObject({ reason });
});

it('acknowledges the run that waits for it, once', async () => {
  const { context, last } = stage({ past: rolledBack() });
  await acknowledge(context, as('ana'), {});
  expect(last()).toEqual({ kind: 'run.acknowledged', run: 'run-9', person: 'ana' });
  await expect(acknowledge(context, as('ana'), {})).rejects.toMatchObject({ reason: 'no-such-run' });
  await expect(acknowledge(context, as('ana'), { run: 'run-9' })).rejects.toMatchObject({
    message: 'ana has acknowledged run-9 already',
  });
});

it('does not acknowledge a run that has not ended', async () => {
  const { context } = stage({ past: rollingBack() });
  await expect(acknowledge(context, as('ana'), { run: 'run-9' })).rejects.toMatchObject({
    reason: 'not-acknowledgeable',
  });
});

it('contains a leak before a person’s rollback of it is planned and prepared', async () => {
  const leak = decisionTo('page', { criterion: 'cross-tenant-leak', verdicts: verdictsIn('breach', 'clear') });
  const { context, asked } = stage({ past: leakOpened('inc-1', leak) });
  await rollback(context, as('bo'), now);
  expect(asked).toEqual(['contain inc-1 by person', 'roll back by person in inc-1']);
  asked.length = 0;
  await rollback(context, as('bo'), { ...now, takeOver: true });
  expect(asked).toEqual(['contain inc-1 by person, taking over', 'roll back by person in inc-1, taking over']);
});

it('closes an incident that a person has settled, with name and reason', async () => {
  const { context, last } = stage({ past: asking() });
  await close(context, as('eva'), { incident: 'inc-1', reason: 'index added' });
  expect(last()).toMatchObject({ outcome: 'resolved-by-person', reason: 'eva: index added' });
});

it('does not close an incident while the application is stopped for it, unless the rollback failed', async () => {
  const { context } = stage({ past: contained() });
  await expect(close(context, as('eva'), { reason: 'x' })).rejects.toMatchObject({ reason: 'not-closable' });
  const failed = stage({ past: [...contained(), ...rollbackFailed('inc-1')] });
  await expect(close(failed.context, as('eva'), { reason: 'restored by hand' })).rejects.toMatchObject({
    reason: 'serving-not-said',
  });
  await close(failed.context, as('eva'), { reason: 'restored by hand', serving: 'unified' });
  expect(failed.memory.state().openIncident).toBeUndefined();
});

const cutOff: EventBody = { kind: 'daemon.started', version: '0', configHash: 'c', pid: 2 };

it('gives an interrupted rollback up with the incident that it belongs to: it never goes on', async () => {
  const stopping: EventBody = { kind: 'step.started', run: 'run-9', step: 'stop-application', attempt: 1 };
  const { context, memory, asked } = stage({ past: [...contained(), ...rollingBack('inc-1'), stopping, cutOff] });
  await expect(close(context, as('eva'), { reason: 'restored by hand' })).rejects.toMatchObject({
    reason: 'serving-not-said',
  });
  const { text } = await close(context, as('eva'), { reason: 'restored by hand', serving: 'unified' });
  expect(text).toContain('run-9 is given up');
  expect(memory.state().openIncident).toBeUndefined();
  expect(memory.state().runs.get('run-9')).toMatchObject({
    status: 'failed',
    reason: 'given up by eva: restored by hand',
  });
  await expect(resume(context, as('eva'), {})).rejects.toMatchObject({ reason: 'not-resumable' });
  await rollback(context, as('bo'), now);
  expect(asked).toEqual(['roll back by person in no incident']);
});

it('gives up a rollback that was cut off in its preparation, and leaves the application contained', async () => {
  const { context, memory } = stage({ past: [...contained(), ...rollingBack('inc-1'), cutOff] });
  const { text, notes } = await close(context, as('eva'), { reason: 'not now' });
  expect(text).toContain('run-9 is given up');
  expect(notes).toEqual([expect.stringContaining('stays contained in inc-1')]);
  expect(memory.state().incidents.get('inc-1')).toMatchObject({ status: 'open', containment: { state: 'proven' } });
});

it('gives an interrupted rollback without an incident up as well', async () => {
  const { context, memory, journalled } = stage({ past: [...rollingBack(), cutOff] });
  await close(context, as('eva'), { reason: 'restored by hand' });
  expect(journalled()).toEqual(['run.finished', 'run.acknowledged']);
  expect(memory.state().runs.get('run-9')).toMatchObject({ status: 'failed', acknowledgedBy: 'eva' });
  await expect(resume(context, as('eva'), {})).rejects.toMatchObject({ reason: 'not-resumable' });
});

it('gives no containment up that was interrupted: it may still leak', async () => {
  const containing = contained().slice(0, -1);
  const { context } = stage({ past: [...containing, cutOff] });
  await expect(close(context, as('eva'), { reason: 'x' })).rejects.toMatchObject({
    reason: 'not-closable',
    remedy: expect.stringContaining('rollbackd resume'),
  });
});

it('does not close what is not open', async () => {
  const { context } = stage();
  await expect(close(context, as('eva'), { reason: 'x' })).rejects.toMatchObject({ reason: 'no-such-incident' });
});
