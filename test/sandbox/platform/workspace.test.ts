import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSlack } from '../../../sandbox/servers/slack.ts';
import { cleanAbandoned } from '../../../sandbox/workspace/clean-abandoned.ts';
import { endProcess } from '../../../sandbox/workspace/end-process.ts';
import { ownSandboxes } from '../../../sandbox/workspace/own-sandboxes.ts';
import { isRunning, type ProcessIdentity, processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { createWorkspace } from '../../../sandbox/workspace/workspace.ts';

let parent: string;
let spawned: ChildProcess[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'rollbackd-test-'));
  spawned = [];
});

afterEach(() => {
  for (const child of spawned) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

test('a port is free, and is never handed out twice', async () => {
  await using workspace = await createWorkspace(parent);
  const ports = await Promise.all(Array.from({ length: 50 }, () => workspace.freePort()));
  expect(new Set(ports).size).toBe(50);
  const server = createServer().listen(ports[0], '127.0.0.1');
  await once(server, 'listening');
  server.close();
});

test('disposing ends the registered processes and removes the folder', async () => {
  const workspace = await createWorkspace(parent);
  const sleeper = await startSleeper();
  workspace.registerProcess({ ...sleeper, what: 'sleeper' });
  await workspace[Symbol.asyncDispose]();
  expect(isRunning(sleeper)).toBe(false);
  expect(existsSync(workspace.root)).toBe(false);
});

test('a sandbox whose removal was cut off is still known for our own, until its folder is gone', async () => {
  const workspace = await createWorkspace(parent);
  rmSync(join(workspace.root, 'processes.jsonl'));
  expect(ownSandboxes()).toContain(workspace.root);
  await workspace[Symbol.asyncDispose]();
  expect(ownSandboxes()).not.toContain(workspace.root);
});

test('a process that is stopped is ended all the same', async () => {
  const workspace = await createWorkspace(parent);
  const stopped = await startSleeper();
  process.kill(stopped.pid, 'SIGSTOP');
  workspace.registerProcess({ ...stopped, what: 'stopped' });
  await workspace[Symbol.asyncDispose]();
  expect(isRunning(stopped)).toBe(false);
});

test('a process that does not heed SIGTERM is killed after its grace', async () => {
  const deaf = spawn('sh', ['-c', 'trap "" TERM; echo ready; read _'], { stdio: ['pipe', 'pipe', 'ignore'] });
  spawned.push(deaf);
  await once(deaf.stdout, 'data');
  const identity = identityOf(deaf.pid);
  const ended = once(deaf, 'exit');
  await endProcess(identity, 100);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a pid that another process has taken over is left alone', async () => {
  const workspace = await createWorkspace(parent);
  const stranger = await startSleeper();
  workspace.registerProcess({ pid: stranger.pid, startTime: stranger.startTime - 1, what: 'long gone' });
  await workspace[Symbol.asyncDispose]();
  expect(isRunning(stranger)).toBe(true);
});

test('the sandbox of a crashed owner is cleaned by the next start, with what it had started', async () => {
  const { root, sleeper } = await crashWithASandbox();
  expect(isRunning(sleeper)).toBe(true);
  expect(existsSync(root)).toBe(true);
  await using workspace = await createWorkspace(parent);
  expect(existsSync(root)).toBe(false);
  expect(isRunning(sleeper)).toBe(false);
  expect(existsSync(workspace.root)).toBe(true);
});

test('the sandbox of a living owner is not touched', async () => {
  await using workspace = await createWorkspace(parent);
  expect(await cleanAbandoned(parent)).toEqual([]);
  expect(existsSync(workspace.root)).toBe(true);
});

test('the unregistered child of an abandoned server goes too, a shell inside the folder stays', async () => {
  const { root, child } = await crashWithASandbox();
  const visitor = await startSleeper(root);
  await cleanAbandoned(parent);
  expect(isRunning(child)).toBe(false);
  expect(isRunning(visitor)).toBe(true);
});

test('real servers of a crashed owner are ended by the next start', { timeout: 120_000 }, async () => {
  const { root, pids } = await crash('crashing-servers.ts');
  expect(pids).toHaveLength('program' in (await findSlack()) ? 5 : 4);
  expect(pids.filter((one) => !isRunning(one))).toEqual([]);
  await cleanAbandoned(parent);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(root)).toBe(false);
});

async function startSleeper(cwd = parent): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['60'], { cwd, stdio: 'ignore', detached: true });
  spawned.push(child);
  await once(child, 'spawn');
  return identityOf(child.pid);
}

/** A server with an unregistered child, left behind by an owner that was killed. */
async function crashWithASandbox(): Promise<{ root: string; sleeper: ProcessIdentity; child: ProcessIdentity }> {
  const { root, pids } = await crash('crashing-owner.ts');
  const [sleeper, child] = pids;
  if (sleeper === undefined || child === undefined) throw new Error('the owner told too few processes');
  return { root, sleeper, child };
}

/** Another Node process makes a sandbox, tells what it started in it, and is killed. */
async function crash(script: string): Promise<{ root: string; pids: ProcessIdentity[] }> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, script), parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  spawned.push(owner);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const told = JSON.parse(line.toString()) as { root: string; pids: number[] };
  const pids = told.pids.map(identityOf);
  const gone = once(owner, 'exit');
  owner.kill('SIGKILL');
  await gone;
  return { root: told.root, pids };
}

function identityOf(pid: number | undefined): ProcessIdentity {
  const found = pid === undefined ? undefined : processIdentity(pid);
  if (found === undefined) throw new Error(`process ${pid} is gone already`);
  return found;
}
