import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listeningInodes, readUnixTable } from '../../../src/adapters/host/unix-sockets.ts';

test('a socket that slips through one reading of the table is found in the next; one that is absent stays so', async () => {
  const there = { state: 'listening', inode: '7', path: '/run/pm2/rpc.sock' } as const;
  const tables = [[], [], [there]];
  expect(await listeningInodes(there.path, async () => tables.shift() ?? [])).toEqual(new Set(['7']));
  const asked: string[] = [];
  const read = async () => {
    asked.push('once more');
    return [there];
  };
  expect(await listeningInodes('/run/none', read)).toEqual(new Set());
  expect(asked.length).toBeGreaterThan(1);
});

test('a server is found each time, while hundreds of other sockets come and go', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-unix-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, busy] = [join(folder, 'stays.sock'), join(folder, 'busy.sock')];
  await using server = createServer().listen(path);
  await using crowd = createServer((socket) => void socket.on('error', () => {})).listen(busy);
  await Promise.all([once(server, 'listening'), once(crowd, 'listening')]);
  let open: Socket[] = [];
  const churn = () => {
    for (const socket of open) socket.destroy();
    open = Array.from({ length: 100 }, () => connect(busy).on('error', () => {}));
  };
  for (let round = 0; round < 100; round++) {
    churn();
    expect((await listeningInodes(path)).size).toBe(1);
  }
  for (const socket of open) socket.destroy();
  expect((await readUnixTable()).some((socket) => socket.path === path)).toBe(true);
});
