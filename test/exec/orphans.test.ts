import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linuxHost } from '../../src/adapters/host/linux.ts';
import { endOrphans, type OpenChild } from '../../src/exec/orphans.ts';
import { isAlive, readStat } from '../../src/exec/process-stat.ts';
import { emptyState } from '../../src/incident/daemon-state.ts';
import type { EventAbout } from '../../src/incident/event-rooms.ts';
import { foldChild } from '../../src/incident/fold-child.ts';
import type { ProcessIdentity } from '../../src/model/child.ts';
import { eventually } from './eventually.ts';

let folder: string;
/** Nobody else's on this machine: another suite may be running beside this one. */
const ownTag = `child-of-${process.pid}`;
let spawned: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbackd-orphans-'));
  spawned = [];
});

afterEach(() => {
  for (const child of spawned) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('the child of a daemon that was killed with SIGKILL is found, ended and gone', async () => {
  const sleeper = await killDaemonDuring('echo $$ > child; exec sleep 600');
  const [entry] = openInJournal();
  expect(entry?.identity).toEqual(sleeper);
  expect(await end(openInJournal())).toEqual([{ tag: entry?.tag, processes: [sleeper] }]);
  expect(isAlive(sleeper)).toBe(false);
});

test('a child that was planned but not yet noted as started is found by its tag', async () => {
  const sleeper = await killDaemonDuring('echo $$ > child; exec sleep 600');
  const planned = openInJournal().map(({ tag }) => ({ tag }));
  expect(await end(planned)).toMatchObject([{ processes: [sleeper] }]);
  expect(isAlive(sleeper)).toBe(false);
});

test('what the child started goes too: with a clean environment, in another session, and after its parent is gone', async () => {
  const clean = await killDaemonDuring('env -i /bin/sh -c "echo \\$\\$ > child; exec sleep 600" & exec sleep 601');
  const [ended] = await end(openInJournal());
  expect(ended?.processes).toContainEqual(clean);
  expect(isAlive(clean)).toBe(false);

  const escaped = await killDaemonDuring('setsid /bin/sh -c "echo \\$\\$ > child; exec sleep 600" & exec sleep 601');
  await end(openInJournal());
  expect(isAlive(escaped)).toBe(false);

  const leaderless = await killDaemonDuring(
    'env -i /bin/sh -c "echo \\$\\$ > child; exec sleep 600" & sleep 602 & wait',
  );
  const leader = openInJournal().at(-1)?.identity;
  process.kill(leader?.pid ?? 0, 'SIGKILL');
  await eventually('the leader is gone', () => leader && !isAlive(leader));
  await end(openInJournal());
  expect(isAlive(leaderless)).toBe(false);
});

test('a child that ignores SIGTERM, and one that was stopped, are ended all the same', async () => {
  const stubborn = await killDaemonDuring("trap '' TERM; echo $$ > child; while :; do sleep 0.05; done");
  await end(openInJournal());
  expect(isAlive(stubborn)).toBe(false);

  const stopped = await killDaemonDuring('echo $$ > child; exec sleep 600');
  process.kill(stopped.pid, 'SIGSTOP');
  await end(openInJournal());
  expect(isAlive(stopped)).toBe(false);
});

test('nobody else is touched: not a pid that another process took over, not a stranger with another tag', async () => {
  const stranger = await startStranger({ ROLLBACKD_RUN_TAG: 'child-somebody-else' });
  const reused = { ...stranger, startTime: '1' };
  expect(await end([{ tag: 'child-long-gone', identity: reused }])).toEqual([
    { tag: 'child-long-gone', processes: [] },
  ]);
  expect(isAlive(stranger)).toBe(true);
});

test('a tagged process in a session of somebody else’s costs only itself', async () => {
  const tagged = await startStranger({ ROLLBACKD_RUN_TAG: ownTag });
  const neighbour = await startStranger({});
  expect(readStat(tagged.pid)?.session).toBe(readStat(neighbour.pid)?.session);
  expect(await end([{ tag: ownTag }])).toEqual([{ tag: ownTag, processes: [tagged] }]);
  expect(isAlive(neighbour)).toBe(true);
});

test('this process is never taken for an orphan, nor a child for being its child', async () => {
  const child = spawn('/bin/sleep', ['600'], { stdio: 'ignore' });
  spawned.push(child);
  await once(child, 'spawn');
  const host = { withEnvironment: async () => [identityOf(process.pid)] };
  expect(await endOrphans({ host, ledgerEntries: [{ tag: ownTag }] })).toEqual([{ tag: ownTag, processes: [] }]);
});

test('what comes back again and again is reported, not passed over', async () => {
  const script = `while :; do ROLLBACKD_RUN_TAG=${ownTag} /bin/sleep 600; done`;
  // Two of them: one is there while the other is being started again.
  const supervisors = [1, 2].map(() => spawn('/bin/bash', ['-c', script], { stdio: 'ignore' }));
  spawned.push(...supervisors);
  const entry = { tag: ownTag };
  const living = () => linuxHost().withEnvironment('ROLLBACKD_RUN_TAG', ownTag);
  await eventually('the first one runs', async () => (await living())[0]);
  await expect(end([entry])).rejects.toMatchObject({
    reason: 'orphan-survives',
    remedy: expect.stringContaining('ps'),
  });
  for (const supervisor of supervisors) {
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
  }
  await end([entry]);
  expect(await living()).toEqual([]);
});

function end(ledgerEntries: readonly OpenChild[]) {
  return endOrphans({ host: linuxHost(), ledgerEntries, killAfterMs: 500 });
}

function openInJournal(): OpenChild[] {
  const lines = readFileSync(join(folder, 'journal'), 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as EventAbout<'child'>);
  const { children } = events.reduce((state, event) => foldChild(state, event, 0), emptyState('observe'));
  return [...children.values()].map(({ tag, process }) => ({ tag, ...(process && { identity: process }) }));
}

/** Lets a real daemon-like process run the script, waits for the pid that the script writes, and kills the runner. */
async function killDaemonDuring(script: string): Promise<ProcessIdentity> {
  rmSync(join(folder, 'journal'), { force: true });
  rmSync(join(folder, 'child'), { force: true });
  const program = join(import.meta.dirname, 'killed-daemon.ts');
  const daemon = spawn(process.execPath, [program, join(folder, 'journal'), script], { cwd: folder, stdio: 'inherit' });
  spawned.push(daemon);
  const child = await eventually('the script runs', () => pidInFile() && identityOf(pidInFile()));
  await eventually('the child is noted', () => openInJournal()[0]?.identity);
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
  expect(isAlive(child)).toBe(true);
  return child;
}

function pidInFile(): number {
  const file = join(folder, 'child');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

async function startStranger(environment: Record<string, string>): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { env: { PATH: '/usr/bin:/bin', ...environment }, stdio: 'ignore' });
  spawned.push(child);
  await once(child, 'spawn');
  return identityOf(child.pid ?? 0);
}

function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: readStat(pid)?.startTime ?? '' };
}
