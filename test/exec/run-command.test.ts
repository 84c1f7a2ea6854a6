import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import { TAG_VARIABLE } from '../../src/exec/child-record.ts';
import type { Command } from '../../src/exec/contract.ts';
import { isAlive, readStat } from '../../src/exec/process-stat.ts';
import { createReadOnlyCommand, createRunCommand } from '../../src/exec/run-command.ts';
import { eventually } from './eventually.ts';
import { type MemoryLedger, memoryLedger } from './memory-ledger.ts';

let folder: string;
let ledger: MemoryLedger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbackd-exec-'));
  ledger = memoryLedger();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const shell = (script: string, more: Partial<Command> = {}): Command => ({
  program: '/bin/sh',
  arguments: ['-c', script],
  environment: { PATH: '/usr/bin:/bin' },
  timeoutMs: 10_000,
  workingDirectory: folder,
  ...more,
});
const runner = (killAfterMs = 300) => createRunCommand({ ledger, run: 'run-1', step: 'stop', killAfterMs });
const kinds = () => ledger.written.map(({ kind }) => kind);
const pidIn = (name: string) =>
  eventually(`a pid in ${name}`, () => {
    const file = join(folder, name);
    return existsSync(file) && Number(readFileSync(file, 'utf8'));
  });

test('output, exit code and duration come back, and a failure is a result', async () => {
  const result = await runner()(shell('echo one; echo two >&2; exit 3'), never);
  expect(result).toMatchObject({ exitCode: 3, stdout: 'one', stderr: 'two' });
  expect(result.tookMs).toBeGreaterThan(0);
});

test('the child is written down before it exists, when it runs and when it is gone', async () => {
  const tagSeen = await runner()(shell(`echo "$${TAG_VARIABLE}"; echo $$`), never);
  const [tag, pid] = tagSeen.stdout.split('\n');
  expect(ledger.written).toEqual([
    expect.objectContaining({ kind: 'child.planned', tag, run: 'run-1', step: 'stop', program: '/bin/sh' }),
    { kind: 'child.started', tag, pid: Number(pid), startTime: expect.stringMatching(/^\d+$/) },
    { kind: 'child.ended', tag, outcome: 'exited', code: 0 },
  ]);
});

test('a child that the ledger cannot plan is never started', async () => {
  const failing = { ...ledger, planned: () => expect.fail('disk full') };
  const run = createRunCommand({ ledger: failing, run: 'run-1', step: 'stop' });
  await expect(run(shell('touch started'), never)).rejects.toThrow('disk full');
  expect(existsSync(join(folder, 'started'))).toBe(false);
});

test('a child that the ledger cannot note as started is ended', async () => {
  let pid = 0;
  const failing = {
    ...ledger,
    started: (_tag: string, identity: { pid: number }) => {
      pid = identity.pid;
      throw new Error('disk full');
    },
  };
  const run = createRunCommand({ ledger: failing, run: 'run-1', step: 'stop', killAfterMs: 300 });
  await expect(run(shell('sleep 60'), never)).rejects.toThrow('disk full');
  expect(pid).toBeGreaterThan(0);
  await eventually('the child is gone', () => readStat(pid)?.ended !== false);
});

test('nothing of the daemon’s environment reaches the child', async () => {
  const { stdout } = await runner()(
    shell('env', { environment: { PATH: '/usr/bin:/bin', OF_THE_TARGET: 'yes' } }),
    never,
  );
  const names = stdout.split('\n').map((line) => line.split('=')[0]);
  expect(names.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name ?? '')).sort()).toEqual(
    ['OF_THE_TARGET', 'PATH', TAG_VARIABLE].sort(),
  );
});

test('a secret in an argument is not written down', async () => {
  await runner()({ ...shell(''), arguments: ['-c', 'true', 'mongodb://me:hush@host/'] }, never);
  expect(JSON.stringify(ledger.written)).not.toContain('hush');
});

test('a program that is not there says what to do, and is noted as never started', async () => {
  const failure = await runner()({ ...shell(''), program: '/no/such/mongodump' }, never).catch((error) => error);
  expect(failure).toBeInstanceOf(RollbackdError);
  expect(failure).toMatchObject({ reason: 'not-found', remedy: expect.stringContaining('install') });
  expect(ledger.written.at(-1)).toMatchObject({ kind: 'child.ended', outcome: 'never-started' });
});

test('a missing working folder is named, not the program', async () => {
  const failure = runner()({ ...shell('true'), workingDirectory: join(folder, 'gone') }, never);
  await expect(failure).rejects.toThrow(/no such folder/);
});

test('a time-out ends the whole group, and says so', async () => {
  const failure = runner()(shell('sleep 60 & echo $! > child; sleep 60', { timeoutMs: 200 }), never);
  await expect(failure).rejects.toMatchObject({ reason: 'timed-out' });
  expect(readStat(await pidIn('child'))?.ended ?? true).toBe(true);
  expect(ledger.written.at(-1)).toMatchObject({ outcome: 'timed-out' });
});

test('a program that ignores SIGTERM gets SIGKILL after the grace', async () => {
  const startedAt = performance.now();
  const failure = runner(200)(shell("trap '' TERM; while :; do sleep 0.05; done", { timeoutMs: 200 }), never);
  await expect(failure).rejects.toMatchObject({ reason: 'timed-out' });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(380);
  expect(ledger.written.at(-1)).toMatchObject({ outcome: 'timed-out', code: 137 });
});

test('an abort ends the child at once', async () => {
  const calledOff = new AbortController();
  const running = runner()(shell('echo $$ > child; exec sleep 60'), calledOff.signal);
  const pid = await pidIn('child');
  calledOff.abort();
  await expect(running).rejects.toMatchObject({ reason: 'aborted' });
  expect(readStat(pid)?.ended ?? true).toBe(true);
  expect(ledger.written.at(-1)).toMatchObject({ outcome: 'killed' });
});

test('what was called off before it began leaves no trace', async () => {
  await expect(runner()(shell('true'), AbortSignal.abort())).rejects.toMatchObject({ reason: 'aborted' });
  expect(ledger.written).toEqual([]);
});

test('a child that a stranger kills is a result with the shell’s code, noted as killed', async () => {
  const { exitCode } = await runner()(shell('kill -9 $$'), never);
  expect(exitCode).toBe(137);
  expect(ledger.written.at(-1)).toMatchObject({ outcome: 'killed', code: 137 });
});

test('only the last 2,000 lines are kept, and every line is handed over', async () => {
  let seen = 0;
  const { stdout } = await runner()(shell('seq 1 5000', { onLine: () => seen++ }), never);
  const lines = stdout.split('\n');
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([2_000, '3001', '5000']);
  expect(seen).toBe(5_000);
});

test('what a program leaves running behind its back is ended with it', async () => {
  await runner()(shell('sleep 60 & echo $! > child'), never);
  expect(readStat(await pidIn('child'))?.ended ?? true).toBe(true);
});

test('a process that left the session and holds the output open does not hold us up', async () => {
  const { stdout } = await runner()(
    shell('setsid sh -c "echo \\$\\$ > child; exec sleep 30" & while [ ! -s child ]; do :; done; echo done'),
    never,
  );
  expect(stdout).toBe('done');
  const pid = await pidIn('child');
  const escaped = { pid, startTime: readStat(pid)?.startTime ?? '' };
  expect(isAlive(escaped)).toBe(true);
  process.kill(pid, 'SIGKILL');
});

test('a command that only looks is on no record and carries no tag', async () => {
  const { stdout } = await createReadOnlyCommand()(shell('env'), never);
  expect(stdout).not.toContain(TAG_VARIABLE);
  expect(kinds()).toEqual([]);
});
