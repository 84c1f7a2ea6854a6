import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { signal } from '../../../sandbox/workspace/end-process.ts';
import { killFrozen } from '../../../sandbox/workspace/kill-frozen.ts';
import {
  isRunning,
  type ProcessIdentity,
  processIdentity,
  readProc,
} from '../../../sandbox/workspace/process-identity.ts';

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
  await expect.poll(() => marked(mark)).toHaveLength(24);
  // The children first: each of them is missed by its manager before that is killed itself.
  expect(killFrozen(() => marked(mark).reverse())).toBe(true);
  await expect
    .poll(() => supervisors.filter(({ exitCode, signalCode }) => exitCode === null && !signalCode))
    .toEqual([]);
  await expect.poll(() => marked(mark)).toEqual([]);
});

test('where nothing is found nothing is killed, and it says so', () => {
  expect(killFrozen(() => [])).toBe(false);
});

function marked(mark: string): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => (readProc(Number(pid), 'environ') ?? '').split('\0').includes(mark))
    .flatMap((pid) => processIdentity(Number(pid)) ?? [])
    .filter(isRunning);
}
