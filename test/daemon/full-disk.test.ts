import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectTo } from '../../src/doors/socket/client.ts';
import { eventually } from '../exec/eventually.ts';
import { linesOf, startDaemonProcess } from './daemon-process.ts';
import { deadTarget } from './dead-target.ts';
import { kindsIn } from './journal-of.ts';

/** To a program, a limit on the size of files is a disk without room. It can be lifted again. */
const limitFiles = (pid: number, bytes: number | 'unlimited'): void =>
  void execFileSync('/usr/bin/prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

const readiness = async (http: string): Promise<number> => (await fetch(`${http}/readyz`)).status;

async function countOf(http: string, metric: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
      ?.split(' ')
      .at(-1),
  );
}

const mongoLooks = 'rollbackd_probe_observations_total{probe="mongo",status="observed"}';

test('on a full disk it goes on looking, says that it cannot act, refuses commands, and recovers by itself', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  const client = connectTo(target.socket, new AbortController().signal);

  limitFiles(daemon.pid, 1);
  await expect(client.command('pause', { reason: 'a look' })).rejects.toMatchObject({ reason: 'not-writable' });
  expect(await readiness(target.http)).toBe(503);
  const before = await countOf(target.http, mongoLooks);
  await eventually('it looks on', async () => (await countOf(target.http, mongoLooks)) > before + 1);
  expect((await fetch(`${target.http}/healthz`)).status).toBe(200);
  await eventually('the metrics say so', async () => (await countOf(target.http, 'rollbackd_journal_writable')) === 0);
  expect(await client.status()).toMatchObject({ target: 'dead-cafe' });

  limitFiles(daemon.pid, 'unlimited');
  await eventually('it can act again', async () => (await readiness(target.http)) === 200);
  await client.command('pause', { reason: 'a look' });
  expect(await daemon.stop()).toBe(0);
  expect(kindsIn(target.journal)).toEqual(['daemon.started', 'acting.paused', 'daemon.stopped']);
});

test('on a full disk a new configuration is not taken up, and looking goes on under the old one', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  limitFiles(daemon.pid, 1);
  target.configure({ 'people.0.name': 'bo' });
  daemon.kill('SIGHUP');
  await eventually('it says why', () => /the reload failed: .*cannot be written/.test(daemon.errors()));
  const before = await countOf(target.http, mongoLooks);
  await eventually('it looks on', async () => (await countOf(target.http, mongoLooks)) > before + 1);
  limitFiles(daemon.pid, 'unlimited');
  daemon.kill('SIGHUP');
  await daemon.says('the configuration was read again');
  expect(await daemon.stop()).toBe(0);
  expect(kindsIn(target.journal)).toEqual(['daemon.started', 'config.reloaded', 'daemon.stopped']);
});

test('with a full disk it ends when asked to, and says what it could not write down', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  limitFiles(daemon.pid, 1);
  expect(await daemon.stop()).toBe(0);
  expect(linesOf(daemon.output()).at(-1)).toMatchObject({
    msg: 'that rollbackd stopped could not be written down',
    reason: expect.stringContaining(`${target.journal} cannot be written`),
  });
  expect(daemon.errors()).toBe('');
});

test('started on a full disk it looks and says so, does nothing, and writes down its start when there is room', {
  timeout: 90_000,
}, async () => {
  using target = await deadTarget();
  {
    await using first = await startDaemonProcess(target.configFile);
    await first.says('rollbackd watches');
    await first.stop();
  }
  // Room for small files, and none for a page of the journal.
  const launch = ['/usr/bin/prlimit', '--fsize=4096:unlimited'];
  await using daemon = await startDaemonProcess(target.configFile, {}, { launch });
  await daemon.says('rollbackd looks, judges and tells, but does nothing until it can be');
  await daemon.says('rollbackd watches');
  expect(await readiness(target.http)).toBe(503);
  await eventually('it looks', async () => (await countOf(target.http, mongoLooks)) > 1);
  const client = connectTo(target.socket, new AbortController().signal);
  await expect(client.command('pause', { reason: 'a look' })).rejects.toMatchObject({ reason: 'not-writable' });

  limitFiles(daemon.pid, 'unlimited');
  await eventually('it can act again', async () => (await readiness(target.http)) === 200);
  expect(await daemon.stop()).toBe(0);
  const kinds = ['daemon.started', 'daemon.stopped', 'daemon.started', 'daemon.stopped'];
  expect(kindsIn(target.journal)).toEqual(kinds);
});

test('a full disk that holds its log as well ends it no more than one that does not', async () => {
  using target = await deadTarget();
  const log = join(target.folder, 'daemon.log');
  writeFileSync(log, '');
  // The shell opens the log, and the daemon takes the place of the shell.
  const launch = ['/bin/sh', '-c', `exec "$@" >>'${log}'`, 'sh'];
  await using daemon = await startDaemonProcess(target.configFile, {}, { launch });
  const says = (words: string) => eventually(words, () => readFileSync(log, 'utf8').includes(words));
  await says('rollbackd watches');
  limitFiles(daemon.pid, 1);
  const client = connectTo(target.socket, new AbortController().signal);
  await expect(client.command('pause', { reason: 'a look' })).rejects.toMatchObject({ reason: 'not-writable' });
  await eventually('the metrics say so', async () => (await countOf(target.http, 'rollbackd_journal_writable')) === 0);
  expect(readFileSync(log, 'utf8')).not.toContain('the journal takes nothing');
  limitFiles(daemon.pid, 'unlimited');
  await eventually('it can act again', async () => (await readiness(target.http)) === 200);
  target.configure({ 'people.0.name': 'bo' });
  daemon.kill('SIGHUP');
  await says('the configuration was read again');
  expect(readFileSync(log, 'utf8')).toContain('the journal takes nothing');
  expect(await daemon.stop()).toBe(0);
});
