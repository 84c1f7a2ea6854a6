import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StepFailed } from '../../src/actions/contract.ts';
import { linuxHost } from '../../src/adapters/host/linux.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { look, perform } from './perform.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import { answered, maintenance, online, type Target } from './target-state.ts';

const stopped = ({ state }: Target) => {
  state.processes = [online({ pid: 0, status: 'stopped' })];
  state.port = { listening: false, listeners: [], hidden: [], established: 0 };
  state.clients = [];
};
const other = { pid: 300, startTime: '1' };
const hiddenClient = { localPort: 40_001, inode: '777', uid: 1_002 };
const socketFile = { path: '/tmp/mongodb-27017.sock', connections: 1, suspects: [], hidden: false };
const unreachable = new RollbackdError('unreachable', 'MongoDB at h:1 cannot be reached');

/** Writes these while somebody watches. */
const writing = ({ clock, world, state }: Target, writes: Record<string, number>) => {
  world.unified.activity = async () => ({ ...state.activity, writes: clock.monotonic() > 0 ? writes : {} });
};

async function listening() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: { host: '127.0.0.1', port }, [Symbol.asyncDispose]: async () => void server.close() };
}

/** Started by somebody else's pm2, and connected. */
async function workerIn(folder: string, port: number) {
  const script = `require('net').connect(${port}, '127.0.0.1', () => console.log('connected'))`;
  const env = { PM2_HOME: '/home/other/.pm2' };
  const child = spawn(process.execPath, ['-e', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const dispose = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid ?? 0, [Symbol.asyncDispose]: dispose };
}

describe('stopping', () => {
  it('stops, shows maintenance and proves the fence', async () => {
    using target = openTarget();
    expect(await perform(target, 'stop-application')).toEqual({ stopped: 1 });
    expect(await perform(target, 'show-maintenance')).toEqual({ status: 503 });
    expect(await perform(target, 'prove-fence')).toMatchObject({ established: 0, listeners: 0, databaseClients: 0 });
    expect(target.done).toEqual(['stopAndSave', 'showMaintenance']);
  });

  it('does not wait in the look before it shows maintenance: a leak goes on meanwhile', async () => {
    using target = openTarget();
    target.state.maintenance = true;
    target.answer = () => answered(503);
    await expect(look(target, 'show-maintenance')).rejects.toMatchObject({ reason: 'not-proven' });
    expect(target.clock.monotonic()).toBe(0);
  });

  it('saves the list also when the application was stopped already: a reboot would bring it back', async () => {
    using target = openTarget();
    stopped(target);
    await expect(look(target, 'stop-application')).rejects.toThrow(/reboot/);
  });

  it('neither stops nor saves anything where the process manager must not be used', async () => {
    using target = openTarget();
    target.state.refusals = [
      { against: 'acting', reason: 'rollbackd started it itself', mend: 'start it by its service' },
    ];
    await expect(perform(target, 'stop-application')).rejects.toMatchObject({ reason: 'refused' });
    expect(target.done).toEqual([]);
  });

  it.each([
    ['saving', 'pm2 has saved old-app, which is not in its list now', 'stop'],
    ['staying', 'cafe has a cron_restart', 'stopAndSave'],
  ] as const)('stops the application whatever speaks against %s, and then says so', async (against, reason, done) => {
    using target = openTarget();
    target.state.refusals = [{ against, reason, mend: 'put it right' }];
    await expect(perform(target, 'stop-application')).rejects.toMatchObject({
      reason: 'refused',
      message: `the application is stopped, but not for good: ${reason}`,
      remedy: expect.stringContaining('resume the run'),
    });
    expect(target.done).toEqual([done]);
    expect(target.state.processes).toMatchObject([{ pid: 0, status: 'stopped' }]);
  });

  it('waits for the last connections before it calls the port silent', async () => {
    using target = openTarget();
    stopped(target);
    target.state.port = { listening: false, listeners: [], hidden: [], established: 1 };
    const closing = target.clock.sleep(3_000).then(() => stopped(target));
    await Promise.all([perform(target, 'prove-fence'), closing]);
  });

  it('lets strangers talk to mongod: they are none of the application', async () => {
    using target = openTarget();
    stopped(target);
    target.state.clients = [other];
    target.state.folders[300] = '/srv/reports';
    expect(await perform(target, 'prove-fence')).toMatchObject({ databaseClients: 0 });
  });

  it('lets strangers talk to it by its Unix socket as well, where everybody can be looked into', async () => {
    using target = openTarget();
    stopped(target);
    target.state.bySocketFile = { ...socketFile, suspects: [other] };
    target.state.folders[300] = '/srv/reports';
    expect(await perform(target, 'prove-fence')).toMatchObject({ databaseClients: 0 });
  });

  it('does not take its own connections for the application’s, though it may run in the checkout', async () => {
    using target = openTarget();
    stopped(target);
    target.state.clients = [{ pid: process.pid, startTime: '1' }];
    target.state.folders[process.pid] = target.settings.code.repository;
    expect(await perform(target, 'prove-fence')).toMatchObject({ databaseClients: 0 });
  });

  it('names a worker that another process manager keeps for the same checkout, and lets it live', async () => {
    await using server = await listening();
    const host = linuxHost();
    using target = openTarget({
      mongo: { unified: { ...server.address, database: 'cafe_v2' }, legacy: server.address },
    });
    stopped(target);
    const { connectedTo, workingDirectory, identity, keeper } = host;
    Object.assign(target.world.host, { connectedTo, workingDirectory, identity, keeper });
    await using worker = await workerIn(target.settings.code.repository, server.address.port);
    await expect(perform(target, 'prove-fence')).rejects.toMatchObject({
      reason: 'not-fenced',
      message: expect.stringMatching(new RegExp(`pid ${worker.pid} in .*/checkout \\(.*PM2_HOME /home/other/.pm2\\)`)),
    });
    expect(await identity(worker.pid)).toBeDefined();
    expect(target.done).toEqual([]);
  });

  it('is not deceived by a process that is gone by the time it is looked for', async () => {
    using target = openTarget();
    stopped(target);
    target.state.clients = [other];
    expect(await perform(target, 'prove-fence')).toMatchObject({ databaseClients: 0 });
  });

  it('calls a containment fenced although the database cannot be reached, and says what it did not see', async () => {
    using target = openTarget();
    stopped(target);
    target.world.unified.activity = () => Promise.reject(unreachable);
    expect(await perform(target, 'prove-fence', { kind: 'containment' })).toEqual({
      established: 0,
      listeners: 0,
      databaseClients: 0,
      writesWhileWatched: 'not checked: MongoDB at h:1 cannot be reached',
    });
    await expect(perform(target, 'prove-fence', { kind: 'rollback' })).rejects.toBe(unreachable);
  });

  it('calls a containment fenced although the name of the database server cannot be looked up', async () => {
    using target = openTarget();
    stopped(target);
    const noName = Object.assign(new Error('getaddrinfo ENOTFOUND db1'), { syscall: 'getaddrinfo' });
    target.world.host.connectedTo = () => Promise.reject(noName);
    expect(await perform(target, 'prove-fence', { kind: 'containment' })).toMatchObject({
      databaseClients: 'not checked: getaddrinfo ENOTFOUND db1',
      writesWhileWatched: 0,
    });
    await expect(perform(target, 'prove-fence')).rejects.toBe(noName);
  });

  it.each(['a failed proof', 'a fault of the program'])('never takes %s for a database out of reach', async (what) => {
    using target = openTarget();
    stopped(target);
    const fault = what === 'a failed proof' ? new StepFailed('not-fenced', what) : new TypeError(what);
    target.world.unified.activity = () => Promise.reject(fault);
    await expect(perform(target, 'prove-fence', { kind: 'containment' })).rejects.toBe(fault);
  });

  it('still fails a containment where a write was seen, also when the other server does not answer', async () => {
    using target = openTarget();
    stopped(target);
    writing(target, { cafe_v2: 1 });
    const silent = { ...target.world.legacy, activity: () => Promise.reject(unreachable) };
    Object.assign(target.world, { legacy: silent });
    await expect(perform(target, 'prove-fence', { kind: 'containment' })).rejects.toThrow(/1 writes to cafe_v2/);
  });

  it('does not mind writes to a legacy database that is left alone', async () => {
    const left = { name: 'cafe_main', policy: 'leave' as const };
    using target = openTarget({ mongo: { legacyDatabases: [left] } });
    stopped(target);
    writing(target, { cafe_main: 7 });
    expect(await perform(target, 'prove-fence')).toMatchObject({ writesWhileWatched: 0 });
  });

  it('knows the checkout also behind a link', async () => {
    using target = openTarget();
    stopped(target);
    const { repository } = target.settings.code;
    renameSync(repository, join(target.folder, 'release-7'));
    symlinkSync(join(target.folder, 'release-7'), repository);
    target.state.clients = [other];
    target.state.folders[300] = join(target.folder, 'release-7/backend');
    await expect(perform(target, 'prove-fence')).rejects.toThrow(
      /still connected to mongod at 127.0.0.1:27017: pid 300/,
    );
  });
});

eachFails(
  [
    {
      action: 'stop-application',
      when: 'a process is still online',
      spoil: ({ state, effects }) => {
        state.processes = [online()];
        effects.stopAndSave = () => {};
      },
      reason: 'not-proven',
      message: /still running: cafe \(pid 100, online\)/,
    },
    {
      action: 'stop-application',
      when: 'a process is called stopped but lives',
      spoil: ({ state, effects }) => {
        effects.stopAndSave = () => void Object.assign(state, { processes: [online({ status: 'stopped' })] });
      },
      reason: 'not-proven',
      message: /pid 100/,
    },
    {
      action: 'stop-application',
      when: 'one of several is just starting again',
      spoil: ({ state, effects }) => {
        const processes = [online({ pid: 0, status: 'stopped' }), online({ pid: 0, status: 'starting', managerId: 1 })];
        effects.stopAndSave = () => void Object.assign(state, { processes });
      },
      reason: 'not-proven',
      message: /starting/,
    },
    {
      action: 'stop-application',
      when: 'the process manager knows none of the names',
      spoil: ({ state }) => void Object.assign(state, { processes: [] }),
      reason: 'not-proven',
      message: /knows none of cafe/,
    },
    {
      action: 'show-maintenance',
      when: 'the balancer is told but answers as before',
      spoil: (target) => {
        target.answer = () => answered(200);
      },
      reason: 'not-proven',
      message: /it says status 200/,
    },
    {
      action: 'show-maintenance',
      when: 'every other answer still comes from the application',
      spoil: (target) => {
        let count = 0;
        target.answer = (question) => (count++ % 5 === 0 ? answered(200) : maintenance(question));
      },
      reason: 'not-proven',
      message: /asked through the balancer/,
    },
    {
      action: 'show-maintenance',
      when: 'the sick application answers everything with the maintenance status itself',
      spoil: (target) => {
        target.answer = () => answered(503);
      },
      reason: 'not-proven',
      message: /status 503 without the header x-rollbackd-maintenance .* the application's own answer/,
    },
    {
      action: 'show-maintenance',
      when: 'a cache in front still hands out the answer of an earlier maintenance',
      spoil: (target) => {
        target.answer = () => maintenance({ headers: { 'x-rollbackd-ask': 'earlier' } });
      },
      reason: 'not-proven',
      message: /without the header/,
    },
    {
      action: 'show-maintenance',
      when: 'the file vanishes at once',
      spoil: ({ effects }) => void Object.assign(effects, { showMaintenance: () => {} }),
      reason: 'not-proven',
      message: /not told to show maintenance/,
    },
    {
      action: 'show-maintenance',
      when: 'the balancer does not answer at all',
      spoil: (target) => {
        target.answer = () => ({ answered: false, why: 'refused', tookMs: 1 });
      },
      reason: 'not-proven',
      message: /refused/,
    },
    {
      action: 'prove-fence',
      when: 'somebody listens on the port',
      spoil: ({ state }) =>
        void Object.assign(state, { port: { listening: true, listeners: [other], hidden: [], established: 0 } }),
      reason: 'not-fenced',
      message: /port 5001 is still listened on by pid 300/,
    },
    {
      action: 'prove-fence',
      when: 'a connection is still established',
      spoil: ({ state }) =>
        void Object.assign(state, { port: { listening: false, listeners: [], hidden: [], established: 2 } }),
      reason: 'not-fenced',
      message: /2 connections/,
    },
    {
      action: 'prove-fence',
      when: 'a worker of the checkout talks to mongod',
      spoil: ({ state, settings }) => {
        state.clients = [other];
        state.folders[300] = `${settings.code.repository}/jobs`;
      },
      reason: 'not-fenced',
      message: /still connected to mongod at 127.0.0.1:27017: pid 300/,
    },
    {
      action: 'prove-fence',
      when: 'a worker runs in the configured working folder outside the checkout',
      settings: { process: { workingDirectory: '/opt/cafe' } },
      spoil: ({ state }) => {
        state.clients = [other];
        state.folders[300] = '/opt/cafe';
      },
      reason: 'not-fenced',
      message: /still connected to mongod at .*: pid 300 in \/opt\/cafe/,
    },
    {
      action: 'prove-fence',
      when: 'somebody whose process cannot be seen is connected to mongod',
      spoil: ({ state }) => void Object.assign(state, { unseen: { 27017: [hiddenClient] } }),
      reason: 'not-fenced',
      message: /^connected to mongod at 127.0.0.1:27017, by .*: local port 40001 \(socket 777, uid 1002\)$/,
    },
    {
      action: 'prove-fence',
      when: 'it is the legacy server, another one, that somebody unseen is connected to',
      settings: { mongo: { legacy: { host: '127.0.0.1', port: 27_018 } } },
      spoil: ({ state }) => void Object.assign(state, { unseen: { 27018: [hiddenClient] } }),
      reason: 'not-fenced',
      message: /^connected to mongod at 127.0.0.1:27018, by/,
    },
    {
      action: 'prove-fence',
      when: 'clients by the Unix socket may be processes of the checkout',
      spoil: ({ state, settings }) => {
        state.bySocketFile = { ...socketFile, suspects: [other] };
        state.folders[300] = settings.code.repository;
      },
      reason: 'not-fenced',
      message: /^1 connections to mongod .* by \/tmp\/mongodb-27017.sock, perhaps by .*pid 300/,
    },
    {
      action: 'prove-fence',
      when: 'clients by the Unix socket may be processes that cannot be looked into',
      spoil: ({ state }) => void Object.assign(state, { bySocketFile: { ...socketFile, hidden: true } }),
      reason: 'not-fenced',
      message: /not every process can be looked into/,
    },
    {
      action: 'prove-fence',
      when: 'a living process is connected and its place cannot be seen',
      spoil: ({ state, world }) => {
        state.clients = [other];
        world.host.identity = async () => other;
      },
      reason: 'not-fenced',
      message: /where it runs cannot be seen/,
    },
    {
      action: 'prove-fence',
      when: 'a legacy database that is to be restored is written while it watches',
      spoil: (target) => writing(target, { cafe_kopi: 2 }),
      reason: 'not-fenced',
      message: /^2 writes to cafe_kopi while/,
    },
    ...[
      { when: 'something is written', change: { writes: { cafe_v2: 3 } }, message: /3 writes to cafe_v2/ },
      { when: 'a collection is dropped', change: { writes: { cafe_v2: -2 } }, message: /-2 writes/ },
      { when: 'mongod is another process', change: { serverPid: 2 }, message: /mongod restarted/ },
      { when: 'mongod has been up for less time than before', change: { uptimeMs: 5 }, message: /mongod restarted/ },
    ].map(({ when, change, message }) => ({
      action: 'prove-fence' as const,
      when: `${when} while it watches`,
      spoil: ({ state, world }: Target) => {
        world.unified.activity = async () => {
          const seen = { ...state.activity };
          Object.assign(state.activity, change);
          return seen;
        };
      },
      reason: 'not-fenced',
      message,
    })),
  ],
  stopped,
);
