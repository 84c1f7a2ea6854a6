import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { RunState } from '../../src/incident/daemon-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Changes } from './changed-config.ts';
import { failureOf, openPipeline, type Pipeline } from './pipeline.ts';
import { versionServed } from './versions.ts';

/** Enough that one legacy database is absent and one differs. */
const tenants = 5;
const documents = 1_500;
const absent = 'superkafe_rindu';

let sandbox: Sandbox;
/** With the real programs: makes the plans, and puts the application back between the cases. */
let real: Pipeline;
let plan: Plan;

beforeAll(async () => {
  sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants, documents });
  real = await openPipeline(sandbox, 'real');
  plan = await real.plan();
});

afterAll(async () => {
  await real?.[Symbol.asyncDispose]();
  await sandbox?.[Symbol.asyncDispose]();
});

/** What people call it -> where the configuration names it. */
const settings = {
  git: 'code.program',
  npm: 'dependencies.program',
  mongorestore: 'mongo.tools.mongorestore',
  pm2: 'process.program',
  mongodump: 'mongo.tools.mongodump',
} as const;

interface Case {
  readonly program: keyof typeof settings;
  /** In either case it ends with 0. */
  readonly does: 'does nothing' | 'only says that it worked';
  readonly content: () => string;
  readonly step: string;
  readonly reason: string;
}

/** What never comes need not be waited for as long as usual; where a stand-in answers, nor need the real one. */
const impatience = { 'process.timeout': '30s', 'traffic.timeout': '8s' };
const lessOf: Partial<Record<Case['program'], Changes>> = { pm2: { 'process.timeout': '5s' } };

const shell = (...lines: readonly string[]) => ['#!/bin/sh', ...lines, 'exit 0', ''].join('\n');
const nothing = () => shell();
/** Says its version as the real one does: who does not is found out before. */
const mongoTool = (name: 'mongodump' | 'mongorestore', ...lines: readonly string[]) =>
  shell(`[ "$*" = --version ] && echo '${name} version: 100.7.0' && exit 0`, ...lines);
const does = 'does nothing';
const says = 'only says that it worked';
const bringIn = `bring-in-database:${absent}`;

/** In the order of the run: an earlier case must leave a later one something to do. */
const cases: readonly Case[] = [
  { program: 'git', does, content: nothing, step: 'check-target', reason: 'refused' },
  {
    program: 'git',
    does: says,
    content: () => shell(`echo ${sandbox.repository.legacyCommit}`),
    step: 'check-target',
    reason: 'refused',
  },
  { program: 'npm', does, content: nothing, step: 'stage-dependencies', reason: 'not-proven' },
  {
    program: 'npm',
    does: says,
    content: () =>
      shell('case "$*" in *list*) echo \'{"dependencies":{}}\';; *) echo "added 68 packages in 2s";; esac'),
    step: 'stage-dependencies',
    reason: 'not-proven',
  },
  { program: 'mongorestore', does, content: nothing, step: 'check-target', reason: 'refused' },
  {
    program: 'mongorestore',
    does: says,
    content: () => mongoTool('mongorestore', ...restoredLines().map((line) => `echo '${line}' >&2`)),
    step: bringIn,
    reason: 'data-differs',
  },
  // JavaScript, since the target's Node runs it.
  { program: 'pm2', does, content: () => '\n', step: 'check-target', reason: 'refused' },
  {
    program: 'pm2',
    does: says,
    content: lyingPm2,
    step: 'stop-application',
    reason: 'process-manager',
  },
  { program: 'mongodump', does, content: nothing, step: 'check-target', reason: 'refused' },
  {
    program: 'mongodump',
    does: says,
    content: () => mongoTool('mongodump', `echo "${said('done dumping superkafe_v2.orders (700 documents)')}" >&2`),
    step: 'try-unified-snapshot',
    reason: 'refused',
  },
];

function restoredLines(): string[] {
  const collections = sandbox.mongo.legacyDatabases.find(({ name }) => name === absent)?.collections ?? [];
  return [
    ...collections.map((name) => said(`finished restoring ${absent}.${name} (10 documents, 0 failures)`)),
    said(`${collections.length * 10} document(s) restored successfully. 0 document(s) failed to restore.`),
  ];
}

/** As the tools begin each message. */
function said(message: string): string {
  return `2026-01-01T00:00:00.000+0000\t${message}`;
}

/** Lists the application as stopped, and even saves that; the application runs on. */
function lyingPm2(): string {
  const { appName, home } = sandbox.pm2;
  const pm2_env = { status: 'stopped', pm_cwd: sandbox.repository.serverFolder, restart_time: 0 };
  const listed = JSON.stringify([{ name: appName, pm_id: 0, pid: 0, pm2_env }]);
  const saved = JSON.stringify([{ name: appName, status: 'stopped' }]);
  const save = `require('node:fs').writeFileSync(${JSON.stringify(join(home, 'dump.pm2'))}, ${JSON.stringify(saved)})`;
  return `if (process.argv.includes('save')) ${save};\nelse console.log(${JSON.stringify(listed)});\n`;
}

/** The run of the sound plan with this one program replaced. */
async function runWith({ program, does: how, content }: Case): Promise<RunState> {
  const folder = join(sandbox.root, 'fakes');
  await mkdir(folder, { recursive: true });
  const name = `${program}-${how.split(' ').at(-1)}`;
  const file = join(folder, program === 'pm2' ? `${name}.js` : name);
  await writeFile(file, content());
  await chmod(file, 0o755);
  const changes = { ...impatience, ...lessOf[program], [settings[program]]: file };
  await using pipeline = await openPipeline(sandbox, name, changes);
  return await pipeline.rollBack(plan);
}

/** All that is wrong with the data, apart from an absent database that has been brought in meanwhile. */
async function damage(): Promise<readonly string[]> {
  const { findings } = await sandbox.oracle.judgeUntouched({ serves: false });
  return findings.filter((finding) => !(finding.startsWith(`${absent}.`) && finding.endsWith('has appeared')));
}

describe('a program that ends with 0 proves nothing', () => {
  it.each(cases)('$program that $does stops the run at $step: users are served, and nothing is lost', async (each) => {
    const run = await runWith(each);
    expect(run.status).toBe('failed');
    expect(failureOf(run)).toMatchObject({ step: each.step, reason: each.reason });
    expect([...run.steps.keys()]).not.toContain('start-application');
    expect(run.usersGet).toBe('status 200');
    expect(await versionServed(sandbox)).toBe('unified');
    expect(await damage()).toEqual([]);
  });

  it('no plan can be made with a git that does nothing', async () => {
    const changes = { 'code.program': join(sandbox.root, 'fakes', 'git-nothing') };
    await using pipeline = await openPipeline(sandbox, 'plan', changes);
    await expect(pipeline.plan()).rejects.toMatchObject({ reason: 'code' });
  });

  it('with the real programs the same target is rolled back, and the oracle agrees', async () => {
    const run = await real.rollBack(await real.plan());
    expect(failureOf(run)).toBeUndefined();
    expect(run.status).toBe('succeeded');
    expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
  });
});
