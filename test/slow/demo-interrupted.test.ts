import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const demo = fileURLToPath(new URL('../../sandbox/demo/main.ts', import.meta.url));
const within = 240_000;
/** What it says when whatever it has started has been asked to end and has ended. */
const inOrder = 'everything has ended';

let folder: string;
let child: ChildProcess;
let output: string;

/** Where its café comes from: kept for the other tests, built to be kept and copied, or built for this demo alone. */
type Origin = 'copied' | 'prepared' | 'built';

const cafesFolder = (origin: Origin): NodeJS.ProcessEnv =>
  origin === 'copied' ? {} : { ROLLBACKD_CAFES: origin === 'built' ? '' : join(folder, 'cafes') };

function start(origin: Origin): void {
  // Short: the daemon's socket lies in it.
  folder = mkdtempSync('/tmp/rbd-');
  output = '';
  const options = ['--documents', '1500', '--scenario', 'leak', '--exit'];
  const env = { ...process.env, TMPDIR: folder, ...cafesFolder(origin) };
  child = spawn(process.execPath, [demo, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
}

afterEach(() => {
  child.kill('SIGKILL');
  for (const pid of belonging()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Every process that has anything to do with the folder, by its command line or its environment. */
function belonging(): number[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => read(pid, file).includes(folder)))
    .map(Number);
}

/** Where cafés are kept, the folder for a kind and its lock stay. */
const leftIn = (where: string): readonly string[] =>
  readdirSync(where, { recursive: true })
    .map(String)
    .filter((name) => !/^cafes(\/[^/]+(\/fetch\.lock(-journal)?)?)?$/.test(name));

const says = (words: RegExp) =>
  expect.poll(() => words.test(output) || child.exitCode !== null, { timeout: within, interval: 20 }).toBe(true);

it.each([
  // Before the program runs the system ends it, with nothing started.
  ['right after the start', 'built', /^/, 'SIGINT', undefined],
  ['while the café is set up', 'built', /mongod/, 'SIGINT', 130],
  ['while the café is migrated', 'built', /migrat/, 'SIGTERM', 143],
  ['while a café is prepared to be copied', 'prepared', /backed up/, 'SIGINT', 130],
  ['while the café is copied', 'copied', /git .*\n/, 'SIGINT', 130],
  ['when the café serves and rollbackd is started', 'copied', /the café serves/, 'SIGINT', 130],
  ['when rollbackd is armed', 'copied', /is armed/, 'SIGINT', 130],
  ['in the middle of the rollback', 'copied', /the oracle sees it contained/, 'SIGTERM', 143],
] as const)('a signal %s leaves no process and no folder', async (_when, origin, words, signal, code) => {
  start(origin);
  await says(words);
  const over = once(child, 'close');
  child.kill(signal);
  const [ended] = await over;
  if (code !== undefined) {
    expect(ended, output).toBe(code);
    expect(output).toContain(inOrder);
  }
  expect(belonging(), output).toEqual([]);
  expect(leftIn(folder), output).toEqual([]);
});

it('a second signal ends it at once, and leaves nothing either', async () => {
  start('copied');
  await says(/is armed/);
  const over = once(child, 'close');
  child.kill('SIGINT');
  await expect.poll(() => output, { timeout: within, interval: 5 }).toContain('again to end it at once');
  child.kill('SIGINT');
  expect((await over)[0], output).toBe(130);
  // Nobody was asked to end and waited for.
  expect(output).not.toContain(inOrder);
  await expect.poll(belonging, { timeout: 5_000 }).toEqual([]);
  expect(leftIn(folder), output).toEqual([]);
});

it('a reader of its words who has gone meanwhile hinders nothing', async () => {
  start('copied');
  await says(/is armed/);
  child.stdout?.destroy();
  const over = once(child, 'exit');
  child.kill('SIGINT');
  expect((await over)[0]).toBe(130);
  expect(belonging()).toEqual([]);
  expect(leftIn(folder)).toEqual([]);
});
