import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { StatusView } from '../../src/doors/socket/client.ts';
import { type GuardedCafe, guard } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { untilServed } from './versions.ts';

const seenWithin = 120_000;
/** Shorter than any wait here, so that patience proves something. */
const soon = {
  'rules.unavailable.for': '4s',
  'rules.unavailable.within': '6s',
  'rules.unavailable.clearFor': '2s',
  'probes.healthEvery': '500ms',
  'probes.timeout': '1s',
};
/** Three times as many looks as a breach takes. */
const manyLooks = 24;

let sandbox: Sandbox;
/** Ends what a test has brought about, where it did not come to that itself. */
let putBack = async (): Promise<void> => {};

beforeAll(async () => {
  sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
});

afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

const unavailableIn = ({ verdicts }: StatusView) => verdicts.find(({ criterion }) => criterion === 'unavailable');

const isHeld = ({ decision, incident }: StatusView): boolean =>
  incident?.status === 'open' && decision?.action === 'hold';

/** The first word of an outage does not say yet whose it is. */
const isHeldBecause =
  (why: RegExp) =>
  (seen: StatusView): boolean =>
    isHeld(seen) && why.test(reasonsIn(seen));

const reasonsIn = ({ decision }: StatusView): string =>
  [...(decision?.reasonsFor ?? []), ...(decision?.reasonsAgainst ?? [])].join('\n');

const isOver = ({ incident }: StatusView): boolean => incident?.status === 'closed';

/** People know, nobody was asked for a rollback, and none was begun. */
async function expectOnlyTold(cafe: GuardedCafe, why: RegExp): Promise<void> {
  const { run, incident } = await cafe.until('people are told, and it is held', isHeldBecause(why), seenWithin);
  expect(run).toBeUndefined();
  expect(incident?.request).toBeUndefined();
  await poll('people are told', async () => cafe.told.find(({ urgency }) => urgency === 'alarmed'), seenWithin);
  expect(cafe.told.filter(({ urgency }) => urgency === 'asked')).toEqual([]);
}

async function looksMore(cafe: GuardedCafe, count: number): Promise<void> {
  const before = await cafe.looks('health');
  const enough = async () => ((await cafe.looks('health')) >= before + count ? true : undefined);
  await poll(`${count} more looks at the application`, enough, seenWithin);
}

async function endFault(): Promise<void> {
  await putBack();
  putBack = async () => {};
}

describe('an outage that a rollback would not end', () => {
  afterEach(async () => {
    await endFault();
    await untilServed(sandbox, 'unified');
    expect((await sandbox.oracle.judgeUntouched()).findings).toEqual([]);
  });

  it.each([
    { how: 'is down', stop: () => sandbox.mongo.server.stop(), back: () => sandbox.mongo.server.restart() },
    { how: 'hangs', stop: async () => sandbox.mongo.server.suspend(), back: async () => sandbox.mongo.server.resume() },
  ])('where mongod $how, an armed daemon tells people and holds, and withdraws it when it is back', async (each) => {
    await using cafe = await guard(sandbox, { name: each.how.replace(' ', '-'), changes: soon });
    const armed = await cafe.rollbackd('arm', '--reason', 'test');
    expect(armed.code, armed.output).toBe(0);
    putBack = each.back;
    await each.stop();
    await expectOnlyTold(cafe, /unreachable: ask the database administrator/);
    await each.back();
    await cafe.until('the incident is closed', isOver, seenWithin);
    const isWell = (status: StatusView) => unavailableIn(status)?.verdict === 'clear';
    const well = await cafe.until('the application is well', isWell, seenWithin);
    expect(well.run).toBeUndefined();
    expect(well.mode).toBe('armed');
  });

  it('where mongod refuses the password, nobody can arm it, an outage is held, and a reload with the right one mends it', async () => {
    const { password } = sandbox.mongo.users.observer;
    const changes = { ...soon, 'mongo.users.observer.password': `not ${password}` };
    await using cafe = await guard(sandbox, { name: 'refused', changes });
    const armed = await cafe.rollbackd('arm', '--reason', 'test');
    expect(armed.code).not.toBe(0);
    putBack = () => sandbox.switchFault('none');
    await sandbox.switchFault('outage');
    await expectOnlyTold(cafe, /refuses? the login: a configuration fault/);
    await sandbox.switchFault('none');
    await cafe.until('the incident is closed', isOver, seenWithin);
    await cafe.change({ ...changes, 'mongo.users.observer.password': password });
    cafe.daemon.kill('SIGHUP');
    const sees = ({ probes }: StatusView) =>
      probes.some(({ probe, summary }) => probe === 'mongo' && summary.startsWith('unified reachable'));
    await cafe.until('the database is seen', sees, seenWithin);
  });
});

/** Something of the observer's own network that can go away and come back. */
async function listenOn(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('looks that prove no outage', () => {
  afterEach(endFault);

  it('an observer that is offline itself counts nothing, however long; once it is online again it does', async () => {
    const port = await sandbox.workspace.freePort();
    const changes = { ...soon, 'probes.controlEndpoints': [{ host: '127.0.0.1', port }] };
    await using cafe = await guard(sandbox, { name: 'offline', changes });
    putBack = () => sandbox.switchFault('none');
    await sandbox.switchFault('outage');
    await looksMore(cafe, manyLooks);
    const offline = await cafe.status();
    expect(offline && unavailableIn(offline)).toMatchObject({ verdict: 'inconclusive', value: 0 });
    // What the balancer has written down of real requests is no eyesight of the observer's: people may be asked.
    expect(offline?.incident && offline.decision?.criterion).not.toBe('unavailable');
    expect(offline?.run).toBeUndefined();
    await using stack = new AsyncDisposableStack();
    const server = await listenOn(port);
    stack.defer(() => void server.close());
    const isSeen = (status: StatusView) => unavailableIn(status)?.verdict === 'breach';
    await cafe.until('the outage is seen', isSeen, seenWithin);
    await sandbox.switchFault('none');
    const over = await cafe.until('the incident is closed', isOver, seenWithin);
    expect(over.run).toBeUndefined();
  });

  it('a balancer that is down while the application is well is no outage: people are told, and nobody is asked', async () => {
    await using cafe = await guard(sandbox, { name: 'balancer', changes: soon });
    const armed = await cafe.rollbackd('arm', '--reason', 'test');
    expect(armed.code, armed.output).toBe(0);
    await sandbox.balancer.stop();
    await expectOnlyTold(cafe, /unavailable is exempt: .* not through the balancer/);
    await looksMore(cafe, manyLooks);
    const seen = await cafe.status();
    expect(seen?.probes.find(({ probe }) => probe === 'health')?.summary).toMatch(/application up, balancer down/);
    expect(seen && unavailableIn(seen)?.verdict).toBe('exempt');
    expect(seen?.run).toBeUndefined();
  });
});
