import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { signal } from '../../../sandbox/workspace/end-process.ts';
import { killFrozen } from '../../../sandbox/workspace/kill-frozen.ts';
import {
  isRunning,
  isStopped,
  type ProcessIdentity,
  processIdentity,
  readProc,
} from '../../../sandbox/workspace/process-identity.ts';

const patiently = { timeout: 10_000 };

/** Starts a child, and the next one as soon as that has ended, as a process manager does. */
const supervisor = 'echo ready; while :; do sleep 60; done';

test('a process manager starts nothing anew while it is killed with what it started', async () => {
  const mark = `SUPERVISED=${randomUUID()}`;
  onTestFinished(() => {
    for (const one of marked(mark)) signal(one, 'SIGKILL');
  });
  const supervisors = Array.from({ length: 12 }, () =>
    spawn('sh', ['-c', supervisor], {
      env: { PATH: process.env.PATH, SUPERVISED: mark.slice('SUPERVISED='.length) },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  await Promise.all(supervisors.map(({ stdout }) => once(stdout, 'data')));
  await expect.poll(() => marked(mark), patiently).toHaveLength(24);
  // The children first: each of them is missed by its manager before that is killed itself.
  expect(killFrozen(() => marked(mark).reverse())).toBe(true);
  await expect.poll(() => marked(mark), patiently).toEqual([]);
});

test('what shows itself only once the others have been stopped is killed too', async () => {
  const [first, late] = [await sleeper(), await sleeper()];
  let looks = 0;
  killFrozen(() => (looks++ === 0 ? [first] : [first, late]));
  await expect.poll(() => [first, late].filter(isRunning), patiently).toEqual([]);
});

test('what somebody had stopped before is killed too', async () => {
  const stopped = await sleeper();
  process.kill(stopped.pid, 'SIGSTOP');
  await expect.poll(() => isStopped(stopped), patiently).toBe(true);
  expect(killFrozen(() => [stopped])).toBe(true);
  await expect.poll(() => isRunning(stopped), patiently).toBe(false);
});

test('where nothing is found nothing is killed, and it says so', () => {
  expect(killFrozen(() => [])).toBe(false);
});

async function sleeper(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  const identity = processIdentity(child.pid ?? 0);
  if (!identity) throw new Error('the sleeper is gone already');
  return identity;
}

function marked(mark: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => (readProc(Number(pid), 'environ') ?? '').split('\0').includes(mark))
    .flatMap((pid) => processIdentity(Number(pid)) ?? [])
    .filter(isRunning);
}
