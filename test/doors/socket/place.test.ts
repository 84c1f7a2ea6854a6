import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSocketDoor } from '../../../src/doors/socket/server.ts';
import { stage } from '../../commands/fixture.ts';
import { me, openDoor } from './open-door.ts';

const openAt = (path: string, group?: string) =>
  openSocketDoor({
    settings: { path, nonceFolder: join(path, '..', 'nonces'), ...(group && { group }) },
    people: () => me,
    context: () => stage().context,
    events: () => [],
  });

/** A daemon that died without cleaning up. */
async function leaveSocketBehind(path: string): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('may be opened by its owner and group alone, and is gone afterwards', async () => {
  await using open = await openDoor();
  expect((await lstat(open.path)).mode & 0o7777).toBe(0o660);
  expect((await readdir(open.folder)).sort()).toEqual(['nonces', 'rollbackd.sock']);
  await open.door[Symbol.asyncDispose]();
  expect(await readdir(open.folder)).toEqual(['nonces']);
});

it.runIf(process.geteuid?.() === 0)('belongs to the configured group', async () => {
  await using open = await openDoor(undefined, me, 'daemon');
  expect((await lstat(open.path)).gid).toBe(1);
});

it('is not opened for a group that does not exist', async () => {
  await expect(openDoor(undefined, me, 'no-such-group')).rejects.toMatchObject({ reason: 'group-unknown' });
});

it('takes the place of a dead daemon', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollbackd-door-'));
  const path = join(folder, 's');
  await leaveSocketBehind(path);
  expect((await lstat(path)).isSocket()).toBe(true);
  const door = await openAt(path);
  await door[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

it('never takes the place of a living one', async () => {
  await using open = await openDoor();
  await expect(openAt(open.path)).rejects.toMatchObject({ reason: 'socket-held' });
  expect((await open.client.status()).target).toBe('cafe');
});

it('never overwrites what is no socket', async () => {
  await using open = await openDoor();
  const file = join(open.folder, 'notes.txt');
  await writeFile(file, 'precious');
  await expect(openAt(file)).rejects.toMatchObject({ reason: 'socket-path' });
});

it('leaves alone a socket that has taken its own place', async () => {
  await using open = await openDoor();
  await rm(open.path);
  const successor = await openAt(open.path);
  await open.door[Symbol.asyncDispose]();
  expect((await lstat(open.path)).isSocket()).toBe(true);
  await successor[Symbol.asyncDispose]();
});

it('explains a name that is too long for a socket', async () => {
  await expect(openAt(join(tmpdir(), 'x'.repeat(120)))).rejects.toThrow("longer than the 107 bytes of a socket's name");
});
