import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callPm2, socketOf } from '../../../src/adapters/process/pm2-socket.ts';

// What a real pm2 does not say: the tests beside this one ask a real one.
let home: string;
let server: Server | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollbackd-pm2-socket-'));
});
afterEach(async () => {
  await new Promise<void>((closed) => (server ? server.close(() => closed()) : closed()));
  server = undefined;
  rmSync(home, { recursive: true });
});

const never = new AbortController().signal;

async function daemonThat(answers: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => socket.once('data', () => answers(socket)));
  await new Promise<void>((listening) => server?.listen(socketOf(home), listening));
}

const message = (...parts: readonly string[]) =>
  Buffer.concat([
    Buffer.from([0x10 | parts.length]),
    ...parts.flatMap((part) => [Buffer.from([0, 0, 0, Buffer.byteLength(part)]), Buffer.from(part)]),
  ]);
const call = (signal = never) => callPm2({ home, timeout: 20_000 }, 'getMonitorData', signal);

test('an answer that comes byte by byte is put together', async () => {
  const bytes = message('j:{"args":[["café"]]}', 's:1');
  await daemonThat(async (socket) => {
    for (const byte of bytes) await new Promise<void>((sent) => socket.write(Buffer.from([byte]), () => sent()));
  });
  expect(await call()).toEqual(['café']);
});

test.each([
  ['an error', message('j:{"error":"mongodb://app:hush@db","stack":"at God"}', 's:1'), 'it answered with an error'],
  ['no JSON', message('j:{"args":[hush', 's:1'), 'its answer is not JSON'],
  ['something that no pm2 says', message('s:hush', 's:1'), 'it answered with an error'],
  ['half an answer', message('j:{"args":["hush"]}', 's:1').subarray(0, 12), 'it hung up without an answer'],
  ['nothing', Buffer.alloc(0), 'it hung up without an answer'],
])('%s is a fault that says what to do, and repeats nothing', async (_, bytes, why) => {
  await daemonThat((socket) => socket.end(bytes));
  const failure = await call().catch((error: unknown) => error);
  expect(failure).toMatchObject({ reason: 'process-manager', remedy: expect.stringContaining('pm2 ping') });
  expect(String(failure)).toContain(why);
  expect(String(failure)).not.toContain('hush');
});

test('work that is called off asks no longer', async () => {
  const asked = new AbortController();
  await daemonThat((socket) => {
    socket.on('error', () => {});
    asked.abort();
  });
  await expect(call(asked.signal)).rejects.toMatchObject({ reason: 'aborted' });
});
