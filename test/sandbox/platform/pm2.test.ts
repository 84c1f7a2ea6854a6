import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Pm2, privatePm2 } from '../../../sandbox/servers/pm2.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import type { Tools } from '../../../sandbox/tools/tool.ts';
import { isRunning, type ProcessIdentity, processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';

const TIMEOUT_MS = 60_000;

let workspace: Workspace;
let tools: Tools;
let pm2: Pm2;
let ecosystem: string;

beforeEach(async () => {
  workspace = await createWorkspace();
  tools = await findTools();
  pm2 = privatePm2({ workspace, tool: tools.pm2, node: tools.targetNode });
  writeFileSync(join(workspace.root, 'app.js'), 'setInterval(() => {}, 1000);');
  const apps = [
    { name: 'forked', script: './app.js', exec_mode: 'fork' },
    { name: 'clustered', script: './app.js', exec_mode: 'cluster', instances: 2 },
  ];
  ecosystem = join(workspace.root, 'ecosystem.config.js');
  writeFileSync(ecosystem, `module.exports = ${JSON.stringify({ apps })};`);
}, 300_000);

afterEach(() => workspace[Symbol.asyncDispose](), TIMEOUT_MS);

test('nothing runs and nothing is started by asking', async () => {
  expect(await pm2.list()).toEqual([]);
  expect(pm2.daemonPid()).toBeUndefined();
  await pm2.stop();
});

test('apps start and are listed without their environment', { timeout: TIMEOUT_MS }, async () => {
  await pm2.start(ecosystem, { CAFE_SECRET: 'never shown' });
  const apps = await pm2.list();
  expect(apps.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    'clustered online',
    'clustered online',
    'forked online',
  ]);
  expect(Object.keys(apps[0] ?? {}).sort()).toEqual(['cwd', 'name', 'pid', 'pmId', 'status']);
  expect(JSON.stringify(apps)).not.toContain('never shown');
});

test("apps get the target's node and the given variables, and none of ours", { timeout: TIMEOUT_MS }, async () => {
  process.env.ROLLBACKD_TEST_MARK = 'ours';
  await pm2.start(ecosystem, { CAFE_PORT: '5001' });
  delete process.env.ROLLBACKD_TEST_MARK;
  const forked = (await pm2.list()).find(({ name }) => name === 'forked');
  const environment = readFileSync(`/proc/${forked?.pid}/environ`, 'utf8').split('\0');
  expect(environment).toContain('CAFE_PORT=5001');
  expect(environment).toContain(`PATH=${pm2.environment.PATH}`);
  expect(environment.filter((entry) => entry.startsWith('ROLLBACKD_'))).toEqual([]);
  expect(environment.filter((entry) => entry.startsWith('npm_'))).toEqual([]);
});

test('stopping leaves neither an app nor the daemon', { timeout: TIMEOUT_MS }, async () => {
  await pm2.start(ecosystem);
  const processes = await everyProcess();
  expect(processes).toHaveLength(4);
  await pm2.stop();
  expect(processes.filter(isRunning)).toEqual([]);
  expect(pm2.daemonPid()).toBeUndefined();
});

test('disposing of the workspace ends apps whose daemon was killed', { timeout: TIMEOUT_MS }, async () => {
  await pm2.start(ecosystem);
  const processes = await everyProcess();
  process.kill(pm2.daemonPid() ?? 0, 'SIGKILL');
  await workspace[Symbol.asyncDispose]();
  expect(processes.filter(isRunning)).toEqual([]);
});

test('an app that does not start is told with what pm2 said', { timeout: TIMEOUT_MS }, async () => {
  writeFileSync(ecosystem, 'module.exports = { apps: [{ name: "gone", script: "./nothing.js" }] };');
  await expect(pm2.start(ecosystem)).rejects.toThrow(/Script not found/);
});

async function everyProcess(): Promise<ProcessIdentity[]> {
  const pids = [...(await pm2.list()).map(({ pid }) => pid), pm2.daemonPid()];
  return pids.flatMap((pid) => (pid ? (processIdentity(pid) ?? []) : []));
}
