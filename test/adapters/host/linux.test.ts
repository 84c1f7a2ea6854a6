import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { innermostService, linuxHost } from '../../../src/adapters/host/linux.ts';
import { parseTcpTable } from '../../../src/adapters/host/tcp-table.ts';
import { readStat } from '../../../src/exec/process-stat.ts';
import type { ProcessIdentity } from '../../../src/model/child.ts';

const host = linuxHost();
let folder: string;
let spawned: ChildProcess[];
let opened: (Server | Socket)[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollbackd-host-')));
  spawned = [];
  opened = [];
});

afterEach(() => {
  for (const child of spawned) child.kill('SIGKILL');
  for (const each of opened) 'destroy' in each ? each.destroy() : each.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a listening port names its listener and counts what is connected', async () => {
  const port = await listen('127.0.0.1');
  expect(await host.portUse(port)).toEqual({ listening: true, listeners: [self()], hidden: [], established: 0 });
  expect(await host.establishedTo(port)).toBe(0);
  await connectTo('127.0.0.1', port);
  expect((await host.portUse(port)).established).toBe(1);
  expect(await host.establishedTo(port)).toBe(1);
});

test('a listener on all addresses, IPv6 included, is seen', async () => {
  const port = await listen('::');
  expect(await host.portUse(port)).toMatchObject({ listening: true, listeners: [self()] });
  await connectTo('127.0.0.1', port);
  expect((await host.portUse(port)).established).toBe(1);
});

test('a port that nobody listens on is free', async () => {
  const port = await listen('127.0.0.1');
  const [server] = opened;
  if (server && 'close' in server) server.close();
  expect(await host.portUse(port)).toEqual({ listening: false, listeners: [], hidden: [], established: 0 });
  expect(await host.establishedTo(port), 'nobody can tell what is connected to it').toBeUndefined();
});

test('who is connected to a server is found by another process’s sockets too', async () => {
  const port = await listen('127.0.0.1');
  const client = await startClient('127.0.0.1', port);
  expect((await host.connectedTo({ host: '127.0.0.1', port })).processes).toEqual([client]);
  expect((await host.connectedTo({ host: 'localhost', port })).processes).toEqual([client]);
  expect((await host.connectedTo({ host: '127.0.0.1', port: port - 1 })).processes).toEqual([]);
});

test('a connection by another of the machine’s addresses counts as one to the same server', async () => {
  const port = await listen('::');
  const { address } = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .at(-1) ?? { address: '::1' };
  await connectTo(address, port);
  expect((await host.connectedTo({ host: '127.0.0.1', port })).processes).toEqual([self()]);
  expect((await host.connectedTo({ host: '::1', port })).processes).toEqual([self()]);
});

test('a connection to a far host with the same port is not one to this machine', async () => {
  const port = await listen('127.0.0.1');
  await connectTo('127.0.0.1', port);
  expect((await host.connectedTo({ host: '192.0.2.7', port })).processes).toEqual([]);
});

test.runIf(process.geteuid?.() === 0)(
  'a client that another user hides is counted by its connection, and seen by root',
  async () => {
    const port = await listen('127.0.0.1');
    const client = await startClient('127.0.0.1', port, hiddenUser);
    expect(await host.connectedTo({ host: '127.0.0.1', port })).toEqual({ processes: [client], unseen: [] });
    expect(await seenBy(onlooker, port)).toEqual({
      processes: [],
      unseen: [{ localPort: expect.any(Number), inode: expect.stringMatching(/^[1-9]\d*$/), uid: hiddenUser }],
    });
  },
);

test.runIf(process.geteuid?.() === 0)('a server’s connections to itself are not somebody hidden', async () => {
  const script = `
    const net = require('net');
    const server = net.createServer().listen(0, '127.0.0.1', () =>
      net.connect(server.address().port, '127.0.0.1', () => console.log(server.address().port)));`;
  const child = spawn(process.execPath, ['-e', script], {
    uid: hiddenUser,
    gid: hiddenUser,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  spawned.push(child);
  const [port] = await once(child.stdout, 'data');
  expect(await seenBy(onlooker, Number(port))).toEqual({ processes: [], unseen: [] });
});

test.runIf(process.geteuid?.() === 0)('a listener that another user hides is told by its user', async () => {
  const port = await listen('127.0.0.1');
  const hidden = { listening: true, listeners: [], hidden: [0], established: 0 };
  expect(await asked(onlooker, `portUse(${port})`)).toEqual(hidden);
});

test('a process says what it is called, whose it is and where it comes from', async () => {
  const { pid } = await startClient('127.0.0.1', await listen('127.0.0.1'));
  expect(await host.programName(pid)).toMatch(/node|MainThread/);
  expect(await host.user(pid)).toBe(process.geteuid?.());
  expect((await host.ancestors(pid))[0]).toBe(process.pid);
  expect([await host.programName(2 ** 22), await host.user(2 ** 22)]).toEqual([undefined, undefined]);
});

test('a connection that has just ended is nobody hidden', async () => {
  const port = await listen('127.0.0.1');
  await connectTo('127.0.0.1', port);
  for (const each of opened) if ('destroy' in each) each.destroy();
  expect((await host.connectedTo({ host: '127.0.0.1', port })).unseen).toEqual([]);
});

test('clients by the server’s Unix socket are counted, and are among the suspects', async () => {
  const port = 47_017;
  const path = join(folder, `mongodb-${port}.sock`);
  const server = createServer().listen(path);
  opened.push(server);
  server.on('connection', (socket) => opened.push(socket));
  await once(server, 'listening');
  expect(await host.connectedTo({ host: '127.0.0.1', port })).toEqual({ processes: [], unseen: [] });
  const client = await startClient(path);
  const { bySocketFile } = await host.connectedTo({ host: '127.0.0.1', port });
  expect(bySocketFile).toMatchObject({ path, connections: 1, suspects: expect.arrayContaining([client]) });
  expect((await host.connectedTo({ host: '192.0.2.7', port })).bySocketFile).toBeUndefined();
});

test('who keeps a process is told by the pm2 it was started under', async () => {
  const child = start('sleep', ['60'], { PM2_HOME: '/home/other/.pm2' });
  await once(child, 'spawn');
  const identity = (await host.identity(child.pid ?? 0)) ?? { pid: 0, startTime: '' };
  expect(await host.keeper(identity)).toMatch(/PM2_HOME \/home\/other\/\.pm2$/);
});

test('both byte orders of the kernel’s table are read as they stand', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0',
    '   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0 20 4 30 10 -1',
    '   2: 0100007F:1F90 0100007F:D431 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0',
  ].join('\n');
  expect(parseTcpTable(table).map(({ state, localPort, inode }) => [state, localPort, inode])).toEqual([
    ['listening', 8080, '4242'],
    ['established', 8080, '4243'],
    ['other', 8080, '0'],
  ]);
});

test('a process has an identity as long as it lives', async () => {
  const child = start('sleep', ['60']);
  await once(child, 'spawn');
  const identity = await host.identity(child.pid ?? 0);
  expect(identity).toEqual({ pid: child.pid, startTime: expect.stringMatching(/^\d+$/) });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await host.identity(child.pid ?? 0)).toBeUndefined();
});

test('a name with brackets and blanks does not confuse the reading', async () => {
  const child = start('bash', ['-c', 'exec -a ignored sleep 60']);
  await once(child, 'spawn');
  expect(readStat(child.pid ?? 0)).toMatchObject({ parent: process.pid, ended: false });
});

test('working folder, environment and ancestors of a child', async () => {
  const child = start('sleep', ['60'], { A: 'first', EMPTY: '' });
  await once(child, 'spawn');
  const identity = (await host.identity(child.pid ?? 0)) ?? { pid: 0, startTime: '' };
  expect(await host.workingDirectory(identity.pid)).toBe(folder);
  expect(await host.environment(identity, ['A', 'EMPTY', 'B'])).toEqual({ A: 'first', EMPTY: '', B: undefined });
  expect((await host.ancestors(identity.pid)).slice(0, 2)).toEqual([process.pid, process.ppid]);
});

test('the environment of a process that is gone, or of another one with its pid, is unknown', async () => {
  expect(await host.environment({ pid: process.pid, startTime: '1' }, ['PATH'])).toBeUndefined();
  expect(await host.environment({ pid: 2 ** 22 + 1, startTime: '1' }, ['PATH'])).toBeUndefined();
});

test('processes are found by an exact assignment in their environment', async () => {
  const child = start('sleep', ['60'], { SOME_TAG: 'tag-1' });
  start('sleep', ['60'], { SOME_TAG: 'tag-10' });
  await once(child, 'spawn');
  expect(await host.withEnvironment('SOME_TAG', 'tag-1')).toMatchObject([{ pid: child.pid }]);
  expect(await host.withEnvironment('TAG', 'tag-1')).toEqual([]);
});

test('who listens on a Unix socket is found, who only connects to it is not', async () => {
  const path = join(folder, 'rpc.sock');
  const server = createServer().listen(path);
  opened.push(server);
  await once(server, 'listening');
  expect(await host.socketListeners(path)).toEqual([self()]);
  expect(await host.socketListeners(join(folder, 'other.sock'))).toEqual([]);
});

test('free space is that of the place where a folder would be', async () => {
  const there = await host.space(folder);
  const notYetThere = await host.space(join(folder, 'run-1', 'dump'));
  expect(there.free).toBeGreaterThan(0);
  expect(there.free).toBeLessThan(there.total);
  expect(Math.abs(there.free - notYetThere.free)).toBeLessThan(there.free / 10);
  expect(notYetThere.fileSystem).toBe(there.fileSystem);
  expect((await host.space('/proc')).fileSystem).not.toBe(there.fileSystem);
});

test.each([
  ['0::/system.slice/rollbackd.service\n', '/system.slice/rollbackd.service'],
  ['0::/system.slice/pm2-app.service/workers\n', '/system.slice/pm2-app.service'],
  ['9:name=systemd:/system.slice/a.service\n8:pids:/b.service\n0::/\n', '/system.slice/a.service'],
  ['0::/user.slice/user-0.slice/session-3.scope\n', undefined],
  ['0::/\n', undefined],
  ['0::/user.slice/user@1000.service/app.slice/b.service\n', '/user.slice/user@1000.service/app.slice/b.service'],
])('the service unit of %j is %j', (controlGroups, unit) => {
  expect(innermostService(controlGroups)).toBe(unit);
});

function self(): ProcessIdentity {
  return { pid: process.pid, startTime: readStat(process.pid)?.startTime ?? '' };
}

function start(program: string, args: string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(program, args, { cwd: folder, env: { PATH: '/usr/bin:/bin', ...environment }, stdio: 'ignore' });
  spawned.push(child);
  return child;
}

async function listen(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  opened.unshift(server);
  server.on('connection', (socket) => opened.push(socket));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connectTo(address: string, port: number): Promise<void> {
  const socket = connect(port, address);
  opened.push(socket);
  await once(socket, 'connect');
}

const hiddenUser = 12_345;
const onlooker = 12_346;

/** Another process that is connected: its own pid owns the socket. */
async function startClient(...to: [path: string] | [address: string, port: number, user?: number]) {
  const [address, port, user] = to;
  const script = `require('net').connect(${port ? `${port}, ` : ''}'${address}', () => console.log('connected'))`;
  const as = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(process.execPath, ['-e', script], { ...as, stdio: ['ignore', 'pipe', 'inherit'] });
  spawned.push(child);
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).not.toBe('');
  return { pid, startTime: readStat(pid)?.startTime ?? '' };
}

const seenBy = (user: number, port: number) => asked(user, `connectedTo({ host: '127.0.0.1', port: ${port} })`);

/** What the given user finds out. */
async function asked(user: number, question: string): Promise<unknown> {
  const module = new URL('../../../src/adapters/host/linux.ts', import.meta.url).href;
  const script = `
    const { linuxHost } = await import('${module}');
    console.log(JSON.stringify(await linuxHost().${question}));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    uid: user,
    gid: user,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  spawned.push(child);
  const [said] = await once(child.stdout, 'data');
  return JSON.parse(String(said));
}
