import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const demo = fileURLToPath(new URL('../../sandbox/demo/main.ts', import.meta.url));
const within = 240_000;
/** What it says when whatever it has started has been asked to end and has ended. */
const inOrder = 'everything has ended';

let folder: string;
let child: ChildProcess;
let output: string;

beforeEach(() => {
  // Short: the daemon's socket lies in it.
  folder = mkdtempSync('/tmp/rbd-');
  output = '';
  const options = ['--documents', '1500', '--scenario', 'leak', '--exit'];
  const env = { ...process.env, TMPDIR: folder };
  child = spawn(process.execPath, [demo, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
});

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

const says = (words: RegExp) =>
  expect.poll(() => words.test(output) || child.exitCode !== null, { timeout: within, interval: 20 }).toBe(true);

it.each([
  // Before the program runs the system ends it, with nothing started.
  ['right after the start', /^/, 'SIGINT', undefined],
  ['while the café is set up', /mongod/, 'SIGINT', 130],
  ['while the café is migrated', /migrat/, 'SIGTERM', 143],
  ['when the café serves and rollbackd is started', /the café serves/, 'SIGINT', 130],
  ['when rollbackd is armed', /is armed/, 'SIGINT', 130],
  ['in the middle of the rollback', /the oracle sees it contained/, 'SIGTERM', 143],
] as const)('a signal %s leaves no process and no folder', async (_when, words, signal, code) => {
  await says(words);
  const over = once(child, 'close');
  child.kill(signal);
  const [ended] = await over;
  if (code !== undefined) {
    expect(ended, output).toBe(code);
    expect(output).toContain(inOrder);
  }
  expect(belonging(), output).toEqual([]);
  expect(
    readdirSync(folder).map((name) => join(folder, name)),
    output,
  ).toEqual([]);
});

it('a second signal ends it at once, and leaves nothing either', async () => {
  await says(/is armed/);
  const over = once(child, 'close');
  child.kill('SIGINT');
  await expect.poll(() => output, { timeout: within, interval: 5 }).toContain('again to end it at once');
  child.kill('SIGINT');
  expect((await over)[0], output).toBe(130);
  // Nobody was asked to end and waited for.
  expect(output).not.toContain(inOrder);
  await expect.poll(belonging, { timeout: 5_000 }).toEqual([]);
  expect(readdirSync(folder), output).toEqual([]);
});

it('a reader of its words who has gone meanwhile hinders nothing', async () => {
  await says(/is armed/);
  child.stdout?.destroy();
  const over = once(child, 'exit');
  child.kill('SIGINT');
  expect((await over)[0]).toBe(130);
  expect(belonging()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
