import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemonProcess } from '../daemon/daemon-process.ts';
import { deadTarget } from '../daemon/dead-target.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rollbackd-package-'));
const installed = join(folder, 'node_modules/rollbackd');
const launcher = join(installed, 'bin/rollbackd.js');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a shell of its own has it: what npm tells its scripts would send another npm back here. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

interface Spoken {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

function spoken(program: string, args: readonly string[], cwd = folder): Promise<Spoken> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: environment }, (error, out, err) =>
      resolve({ code: error?.code ?? error?.signal ?? 0, out, err }),
    );
  });
}

const rollbackd = (...args: string[]) => spoken(process.execPath, [launcher, ...args]);

async function succeed(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, out, err } = await spoken(program, args, cwd);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${out}\n${err}`);
  return out;
}

beforeAll(async () => {
  await succeed('npm', ['pack', '--pack-destination', folder], root);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  await succeed('npm', ['install', '--prefer-offline', `./${archive}`], folder);
});

test('holds what the program reads and what people read, and nothing of the workshop', () => {
  for (const name of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'dist/main.js',
    'config/rollbackd.example.yaml',
    'config/rollbackd.schema.json',
    'docs/operating.md',
    'docs/install.md',
    'docs/configure.md',
    'docs/permissions.md',
    'deploy/rollbackd.service',
    'deploy/pm2/ecosystem.config.cjs',
    'deploy/compose.yaml',
    'deploy/tmpfiles.d/rollbackd.conf',
    'deploy/prometheus/rollbackd.rules.yaml',
    'deploy/grafana/rollbackd.json',
    'deploy/nginx/rollbackd-log.conf',
    'deploy/nginx/rollbackd-maintenance.conf',
  ]) {
    expect(existsSync(join(installed, name)), name).toBe(true);
  }
  for (const name of ['src', 'test', 'sandbox', 'scripts', 'bench', '.ci', 'node_modules']) {
    expect(existsSync(join(installed, name)), name).toBe(false);
  }
});

test('its pages lead to nothing that is not in it', () => {
  const docs = readdirSync(join(installed, 'docs')).filter((name) => name.endsWith('.md'));
  const pages = ['README.md', 'SECURITY.md', ...docs.map((name) => `docs/${name}`)];
  const broken = pages.flatMap((page) => {
    const links = readFileSync(join(installed, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g);
    const missing = [...links].filter(([, link = '']) => !existsSync(join(installed, dirname(page), link)));
    return missing.map(([link]) => `${page} ${link}`);
  });
  expect(broken).toEqual([]);
});

test('brings no Node of its own into the folder of whoever installs it', () => {
  expect(existsSync(join(folder, 'node_modules/.bin/rollbackd'))).toBe(true);
  expect(existsSync(join(folder, 'node_modules/.bin/node'))).toBe(false);
});

test('says which version it is, under the name that npm gives it', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await rollbackd('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  const named = join(folder, 'node_modules/.bin/rollbackd');
  expect((await spoken(process.execPath, [named, '--version'])).out).toBe(`${version}\n`);
});

test('tells the faults of a configuration with their lines, and ends with 1', async () => {
  const file = join(folder, 'faulty.yaml');
  const example = readFileSync(join(installed, 'config/rollbackd.example.yaml'), 'utf8');
  writeFileSync(file, example.replace('mode: observe', 'mode: armed').replace('timeout: 60s', 'timeout: 60'));
  const { code, out, err } = await rollbackd('check', '--config', file);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/faulty\.yaml:\d+ {2}process\.timeout {2}60 is not a duration/);
  expect(out).toMatch(/faulty\.yaml:\d+ {2}mode {2}must be one of observe, approve\n/);
});

test('becomes the daemon: it looks, answers at its doors and ends when it is asked to', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile, {}, { program: launcher });
  await daemon.says('rollbackd watches');
  for (const path of ['healthz', 'readyz', 'metrics']) {
    expect((await fetch(`${target.http}/${path}`)).status, path).toBe(200);
  }
  const status = await rollbackd('status', '--socket', target.socket);
  expect([status.code, status.out]).toEqual([0, expect.stringContaining('dead-cafe')]);
  expect(await daemon.stop()).toBe(0);
});

/** Node's own number is all that the launcher looks at. */
const pretending = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;

test.each(['18.20.8', '20.20.2', '24.14.9'])('tells Node %s what to do, and ends with 1', async (version) => {
  const { code, out, err } = await spoken(process.execPath, ['--import', pretending(version), launcher, '--version']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`rollbackd needs Node 24.15 or newer; this is Node ${version}`);
  expect(err).toContain('Next: start it with a newer one');
  expect(existsSync(err.match(/(\/\S+\.md) shows how/)?.[1] ?? ''), 'the page that it names').toBe(true);
});

interface InstalledNode {
  readonly program: string;
  readonly version: string;
}

/** On the PATH, and too old for rollbackd. */
function olderNodes(): InstalledNode[] {
  const programs = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'node'));
  const there = programs.filter((program) => existsSync(program)).map((program) => realpathSync(program));
  return [...new Set(there)]
    .map((program) => ({ program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() }))
    .filter(({ version }) => {
      const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
      return major < 24 || (major === 24 && minor < 15);
    });
}

const older = olderNodes();
if (older.length === 0) {
  process.stderr.write('no older Node is on the PATH: what one is told is tried with its number alone\n');
}

test.each(older)('tells Node $version of this machine the same, $program', async ({ program, version }) => {
  const { code, out, err } = await spoken(program, [launcher, '--version']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`rollbackd needs Node 24.15 or newer; this is Node ${version.slice(1)} (`);
});
