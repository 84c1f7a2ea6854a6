import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDoor } from '../doors/socket/open-door.ts';
import { rollbackd } from './command-line.ts';

it('finds the socket by option, then by environment, then in the configuration', async () => {
  await using open = await openDoor();
  const config = join(open.folder, 'rollbackd.yaml');
  await writeFile(config, `doors:\n  socket:\n    path: ${open.path}\n`);
  const nowhere = { ROLLBACKD_SOCKET: '/nowhere' };
  expect((await rollbackd(['status', '--socket', open.path], nowhere)).code).toBe(0);
  expect((await rollbackd(['status', '--config', config], { ROLLBACKD_SOCKET: open.path })).code).toBe(0);
  expect((await rollbackd(['status', '--config', config])).code).toBe(0);
  expect((await rollbackd(['status'], { ROLLBACKD_CONFIG: config })).code).toBe(0);
  expect((await rollbackd(['status', '--config', config], nowhere)).err).toContain('nothing listens at /nowhere');
});

it("needs none of the daemon's secrets to find its socket", async () => {
  await using open = await openDoor();
  const config = join(open.folder, 'rollbackd.yaml');
  const reference = (name: string) => `$\{${name}}`;
  const lines = [
    'mongo:',
    `  password: ${reference('SECRET')}`,
    'doors:',
    '  socket:',
    `    path: ${reference('RUN')}/rollbackd.sock`,
  ];
  await writeFile(config, lines.join('\n'));
  expect((await rollbackd(['status', '--config', config], { RUN: open.folder })).code).toBe(0);
  expect((await rollbackd(['status', '--config', config])).err).toContain('has an unset reference');
});

it.each([
  ['/no/such/file.yaml', 'cannot be read (ENOENT)'],
  ['/dev/null', 'cannot be read (it is no regular file)'],
  [join(import.meta.dirname, '../../package.json'), 'names no doors.socket.path'],
])('says what to do where the configuration does not help: %s', async (config, message) => {
  const { code, err } = await rollbackd(['status', '--config', config]);
  expect(code).toBe(1);
  expect(err).toContain(message);
  expect(err).toContain('next: name the socket with --socket or $ROLLBACKD_SOCKET');
});

it('says that the daemon is not running, and how to start it', async () => {
  const { code, err } = await rollbackd(['status', '--socket', '/tmp/no-rollbackd.sock']);
  expect(code).toBe(1);
  expect(err).toBe(
    'rollbackd: rollbackd is not running: nothing listens at /tmp/no-rollbackd.sock\n' +
      'next: start it with `rollbackd run`, or name its socket with --socket\n',
  );
});
