import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LeaseNotes } from '../../src/adapters/mongo/contract.ts';
import type { ItsJournal } from '../../src/adapters/mongo/its-journal.ts';
import { createLease } from '../../src/adapters/mongo/lease.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { NewestJournal } from '../../src/engine/newest-journal.ts';
import { buildContainment } from '../../src/rollback/containment.ts';
import { finished } from '../actions/perform.ts';
import { openTarget } from '../actions/target.ts';
import { type MongoFixture, never, startMongo } from '../adapters/mongo/mongo-fixture.ts';
import { decisionTo, opened } from '../incident/histories.ts';
import { cutOff, type RunsStage, runsOn } from './stage.ts';

let stage: RunsStage | undefined;
afterEach(() => {
  stage?.stop.abort(new Error('over'));
  stage?.[Symbol.dispose]();
});

const older = () => new RollbackdError('lease-held', 'this daemon has rolled cafe back', { remedy: 'put it back' });
const leaking = (unknown: LeaseNotes['unknown']) =>
  runsOn({ past: () => opened('incident-1', decisionTo('contain', { next: 'rollback' })), unknown });
const contain = ({ runs }: RunsStage, takeOver = false) => runs.contain('incident-1', { by: 'daemon' }, { takeOver });
const over = ({ runs, target }: RunsStage) => finished(target.clock, runs.idle());
const told = ({ memory }: RunsStage) => [...memory.state().messages.values()].map(({ subject }) => subject);

describe('a journal that is older than what the target says of it', () => {
  it('stops no application for a leak, and people hear it once an incident, with the reason and what to do', async () => {
    stage = await leaking(async () => older());
    for (const _again of [1, 2, 3]) await expect(contain(stage)).rejects.toMatchObject({ reason: 'lease-held' });
    expect(stage.target.done).toEqual([]);
    expect(stage.memory.state().runs.size).toBe(0);
    expect([...stage.memory.state().messages.values()]).toMatchObject([
      {
        subject: 'incident-1: not contained, since the journal is not the one that was',
        text: expect.stringMatching(/has rolled cafe back\. .* stop it by hand if it leaks.* put it back/),
        urgency: 'alarmed',
      },
    ]);
  });

  it('stops it for a person who gives up what stands there', async () => {
    stage = await leaking(async () => older());
    await contain(stage, true);
    await over(stage);
    expect(stage.target.done).toContain('stopAndSave');
  });

  it('goes on with no containment that it takes for unfinished, neither by itself nor for a person', async () => {
    const target = openTarget();
    const containment = buildContainment(target.world, 'config');
    target[Symbol.dispose]();
    stage = await runsOn({ past: () => cutOff(containment, 'stop-application'), unknown: async () => older() });
    await expect(stage.runs.recover()).rejects.toMatchObject({ reason: 'lease-held' });
    const run = stage.memory.state().runs.get('run-0');
    await expect(async () => run && stage?.runs.resume(run, 'sari')).rejects.toMatchObject({ reason: 'lease-held' });
    expect(stage.target.done).toEqual([]);
  });

  it('is remembered for such while the target cannot be asked any more', async () => {
    let away = false;
    stage = await leaking(async () => {
      if (away) throw new RollbackdError('unreachable', 'no server');
      return older();
    });
    await expect(contain(stage)).rejects.toMatchObject({ reason: 'lease-held' });
    away = true;
    await expect(contain(stage)).rejects.toMatchObject({ reason: 'lease-held' });
  });

  it('contains again once the target has been taken over', async () => {
    let found: RollbackdError<'lease-held'> | undefined = older();
    stage = await leaking(async () => found);
    await expect(contain(stage)).rejects.toMatchObject({ reason: 'lease-held' });
    found = undefined;
    await contain(stage);
    await over(stage);
    expect(stage.target.done).toContain('stopAndSave');
  });
});

it.each([
  ['cannot be reached', () => Promise.reject(new RollbackdError('unreachable', 'no server'))],
  [
    'does not answer',
    (signal: AbortSignal) =>
      new Promise<undefined>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  ],
] as const)('a target that %s keeps no leak going', async (_, unknown) => {
  stage = await leaking(unknown);
  await contain(stage);
  await over(stage);
  expect(stage.target.done).toContain('stopAndSave');
  expect(told(stage)).not.toContainEqual(expect.stringContaining('not contained'));
});

describe('on a real server', () => {
  let mongo: MongoFixture;
  beforeAll(async () => {
    mongo = await startMongo();
  });
  afterAll(() => mongo[Symbol.asyncDispose]());

  const lengthOf = (seq: number): ItsJournal => ({
    head: () => ({ seq, hash: `hash-${seq}` }),
    holds: (mark) => mark.seq <= seq,
    knowsRun: () => true,
  });
  const leaseWith = (journal: ItsJournal) =>
    createLease({
      connection: mongo.connection(mongo.users.observer),
      database: 'rollbackd',
      target: 'cafe',
      holder: 'host-1',
      journal,
      cutoverAt: 0,
    });

  it('a copy of the state folder from before refuses, the newest one does not, nor any while the server is down', async () => {
    await using now = leaseWith(lengthOf(50));
    await now.acquire(60_000, never);
    await now.release(never);
    await using copy = leaseWith(lengthOf(49));
    stage = await runsOn();
    const { memory } = stage;
    await expect(new NewestJournal(copy, memory).expect(never)).rejects.toThrow(/up to event 50 of its journal/);
    await new NewestJournal(now, memory).expect(never);
    await mongo.server.stop();
    await new NewestJournal(copy, memory).expect(never);
    await mongo.server.restart();
    await expect(new NewestJournal(copy, memory).expect(never)).rejects.toMatchObject({ reason: 'lease-held' });
  });
});
