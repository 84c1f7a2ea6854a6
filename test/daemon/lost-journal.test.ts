import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectTo } from '../../src/doors/socket/client.ts';
import { eventually } from '../exec/eventually.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';
import { eventsOf } from './journal-of.ts';

const client = ({ socket }: DeadTarget) => connectTo(socket, new AbortController().signal);
const isReady = async ({ http }: DeadTarget) => (await fetch(`${http}/readyz`)).status === 200;
/** As the log channel tells it. */
const alarm = 'rollbackd does nothing any more: its journal is not what it was';

async function runOnce(target: DeadTarget): Promise<void> {
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  await client(target).command('pause', { reason: 'a look' });
  await daemon.stop();
}

test('with an older journal it looks and tells, does nothing, and says what to do until a person has done it', {
  timeout: 60_000,
}, async () => {
  using target = await deadTarget();
  await runOnce(target);
  const older = join(target.folder, 'older');
  cpSync(target.journal, older);
  await runOnce(target);
  cpSync(older, target.journal);
  const before = readFileSync(target.journal);

  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says(alarm);
  await daemon.says('rollbackd watches');
  expect(await isReady(target)).toBe(false);
  await expect(client(target).command('unpause', {})).rejects.toMatchObject({
    reason: 'behind',
    message: expect.stringMatching(/ends with event \d+, and had come to event \d+/),
    remedy: expect.stringContaining('remove journal.db.mark'),
  });
  expect((await client(target).status()).journal).toMatchObject({
    writable: false,
    why: expect.stringContaining('newest copy'),
  });
  expect(readFileSync(target.journal).equals(before)).toBe(true);

  rmSync(`${target.journal}.mark`);
  await eventually('it acts again', () => isReady(target));
  await client(target).command('unpause', {});
  await daemon.stop();
  expect(eventsOf(target.journal, 'message.queued').map(({ subject }) => subject)).toContain(alarm);
});

test('a journal that is deleted while it runs is noticed within seconds, and people are told', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  const away = join(target.folder, 'away');
  const lostAt = performance.now();
  renameSync(target.stateFolder, away);
  await daemon.says(alarm);
  expect(performance.now() - lostAt).toBeLessThan(5_000);
  expect(await isReady(target)).toBe(false);
  await expect(client(target).command('pause', { reason: 'a look' })).rejects.toMatchObject({ reason: 'gone' });

  renameSync(away, target.stateFolder);
  await eventually('it acts again', () => isReady(target));
  expect(await daemon.stop()).toBe(0);
});
