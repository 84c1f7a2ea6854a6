import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon.ts';
import { readyForSystemd } from '../../src/engine/systemd.ts';
import { eventually } from '../exec/eventually.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { deadTarget } from './dead-target.ts';

/** Node has no datagram sockets of the Unix family: Python plays systemd, and asks the socket's door when it hears something. */
const listener = `
import os, socket, sys
there = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
there.bind(sys.argv[1])
print("listening", flush=True)
while True:
    text = there.recv(4096).decode()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    opened = door.connect_ex(sys.argv[2]) == 0
    print(text.replace("\\n", " "), "door open" if opened else "door closed", flush=True)
`;

async function listenAsSystemd(path: string, door: string) {
  const child = spawn('python3', ['-c', listener, path, door], { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    heard += part;
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  await eventually('systemd listens', () => heard.includes('listening'));
  return { heard: () => heard, [Symbol.asyncDispose]: stop };
}

function installed(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('tells systemd that it is ready once its doors are open, and never before', async ({ skip }) => {
  const missing = ['systemd-notify', 'python3'].filter((program) => !installed(program));
  if (missing.length > 0 && process.env.REQUIRE_OPTIONAL_TOOLS !== '1') {
    skip(
      `${missing.join(' and ')} not installed (Debian packages systemd, python3); REQUIRE_OPTIONAL_TOOLS=1 makes this a failure`,
    );
  }
  using target = await deadTarget();
  const path = join(target.folder, 'notify.sock');
  await using systemd = await listenAsSystemd(path, target.socket);
  await using daemon = await startDaemonProcess(target.configFile, { NOTIFY_SOCKET: path });
  await eventually('systemd has heard', () => systemd.heard().includes('READY=1'), 20_000);
  expect(systemd.heard().split('\n')[1]).toMatch(/READY=1.*door open$/);
  await daemon.says('rollbackd watches');
  expect(daemon.output()).not.toContain('systemd');
});

/** What is said about it where systemd cannot be told. */
async function warned(environment: NodeJS.ProcessEnv): Promise<unknown[]> {
  const said: unknown[] = [];
  await readyForSystemd(environment, { warn: (...words: unknown[]) => void said.push(...words) });
  return said;
}

test('says so where systemd-notify is missing, or nobody hears it', async () => {
  using target = await deadTarget();
  const NOTIFY_SOCKET = join(target.folder, 'nobody.sock');
  const missing = { reason: expect.stringContaining('systemd-notify cannot be started') };
  expect(await warned({ NOTIFY_SOCKET, PATH: target.folder })).toEqual([missing, expect.any(String)]);
  expect(await warned({ NOTIFY_SOCKET })).toEqual([{ reason: expect.any(String) }, expect.any(String)]);
  expect(await warned({}), 'without systemd').toEqual([]);
});

test('watches all the same where systemd cannot be told', async () => {
  using target = await deadTarget({ 'log.level': 'error' });
  const environment = { NOTIFY_SOCKET: join(target.folder, 'nobody.sock'), PATH: target.folder };
  await using _daemon = await startDaemon({ configFile: target.configFile, environment });
  expect((await fetch(`${target.http}/readyz`)).status).toBe(200);
});
