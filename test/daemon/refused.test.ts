import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { explain, RollbackdError } from '../../src/core/errors.ts';
import { startDaemon } from '../../src/daemon.ts';
import { connectTo } from '../../src/doors/socket/client.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';
import { kindsIn, prepareJournal } from './journal-of.ts';

const quiet = { 'log.level': 'error' };

/** What the process of a daemon that may not start tells on standard error. */
async function toldBy(configFile: string): Promise<string> {
  await using daemon = await startDaemonProcess(configFile);
  expect(await daemon.ended).toBe(1);
  expect(daemon.output()).not.toContain('rollbackd watches');
  expect(daemon.errors()).not.toMatch(/^\s+at /m);
  expect(daemon.errors()).toContain('next: ');
  return daemon.errors();
}

/** The same in this process, where it costs less. */
async function refusal(configFile: string): Promise<unknown> {
  const daemon = await startDaemon({ configFile, environment: {} }).catch((error: unknown) => {
    if (error instanceof RollbackdError && error.remedy) return explain(error);
    throw error;
  });
  if (typeof daemon === 'string') return daemon;
  await daemon[Symbol.asyncDispose]();
  throw new Error('it was not refused');
}

const watching = ({ configFile }: DeadTarget) => startDaemon({ configFile, environment: {} });

/** The configuration of another daemon on this host, everything of its own but what is told otherwise. */
function neighbour(target: DeadTarget, shared: Readonly<Record<string, unknown>>): string {
  const file = join(target.folder, 'neighbour.yaml');
  target.configure(
    {
      ...quiet,
      'doors.socket.path': join(target.folder, 'neighbour.sock'),
      'doors.http.port': 0,
      'state.folder': join(target.folder, 'neighbour-state'),
      'state.lockFolder': join(target.folder, 'neighbour-lock'),
      ...shared,
    },
    file,
  );
  return file;
}

test('a second daemon on the same target is refused at once and told who holds it, whatever journal it has', async () => {
  using target = await deadTarget(quiet);
  await using _first = await watching(target);
  const told = await toldBy(neighbour(target, { 'state.lockFolder': join(target.folder, 'lock') }));
  expect(told).toContain('guards the same target');
  expect(told).toContain(`process ${process.pid}`);
});

test('a second daemon is refused the journal, the socket and the port of another, which keeps them', async () => {
  using target = await deadTarget(quiet);
  await using first = await watching(target);
  const { port } = new URL(target.http);
  expect(await refusal(neighbour(target, { 'state.folder': target.stateFolder }))).toContain(
    `${target.journal} is held by another process`,
  );
  expect(await refusal(neighbour(target, { 'doors.socket.path': target.socket }))).toContain(
    `another daemon listens at ${target.socket}`,
  );
  expect(await refusal(neighbour(target, { 'doors.http.port': Number(port) }))).toContain(
    'choose another doors.http.port',
  );
  expect((await fetch(`${target.http}/readyz`)).status).toBe(200);
  expect(await connectTo(target.socket, new AbortController().signal).status()).toMatchObject({ target: 'dead-cafe' });
  await first[Symbol.asyncDispose]();
  expect(kindsIn(target.journal)).toEqual(['daemon.started', 'daemon.stopped']);
});

test('a damaged journal is named and left as it is', async () => {
  using target = await deadTarget();
  prepareJournal(target.journal, { kind: 'daemon.stopped', reason: 'asked to stop' });
  const damaged = readFileSync(target.journal).fill(0x55, 3_000, 6_000);
  writeFileSync(target.journal, damaged);
  const told = await toldBy(target.configFile);
  expect(told).toContain(`${target.journal} is damaged`);
  expect(told).toContain('put a sound copy in its place');
  expect(readFileSync(target.journal).equals(damaged)).toBe(true);
});

test('a journal of a newer version is refused', async () => {
  using target = await deadTarget(quiet);
  prepareJournal(target.journal, { kind: 'daemon.stopped', reason: 'asked to stop' });
  const database = new DatabaseSync(target.journal);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const told = await refusal(target.configFile);
  expect(told).toContain(`${target.journal} was written by a newer version`);
  expect(told).toContain('start the version that wrote it');
});

test.each([
  ['is a file', (target: DeadTarget) => target.configFile],
  ['cannot be made', () => '/dev/null/state'],
])('a state folder that %s is named, with what to do', async (_what, folderOf) => {
  using target = await deadTarget();
  const folder = folderOf(target);
  target.configure({ ...quiet, 'state.folder': folder });
  const told = await refusal(target.configFile);
  expect(told).toContain(`${join(folder, 'journal.db')} cannot be written`);
  expect(told).toContain('check that the folder belongs to the user of the daemon');
});

test('every fault of an invalid configuration is told at once', async () => {
  using target = await deadTarget({ 'probes.timeout': 3, 'target.colour': 'red' });
  const told = await toldBy(target.configFile);
  expect(told).toContain('probes.timeout');
  expect(told).toContain('target.colour');
});
