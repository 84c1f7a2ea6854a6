import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileLogs } from '../../../src/adapters/logs/files.ts';

function makeLogs(eventStart = /./) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, at: (name: string) => join(folder, name), logs: fileLogs({ config: { eventStart } }) };
}

test('only what was written since the mark is read, oldest first, and no more than asked for', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n');
  const mark = await logs.mark(at('out.log'));
  expect(await logs.since(at('out.log'), mark, 10)).toEqual([]);
  appendFileSync(at('out.log'), 'one\ntwo\nthree\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'two', 'three']);
  expect(await logs.since(at('out.log'), mark, 2)).toEqual(['one', 'two']);
});

test('a file that is missing has no events, and one that appears is read from its beginning', async () => {
  const { at, logs, folder } = makeLogs();
  expect(await logs.mark(join(folder, 'nowhere/out.log'))).toEqual([]);
  const mark = await logs.mark(at('out.log'));
  expect(await logs.since(at('out.log'), mark, 10)).toEqual([]);
  writeFileSync(at('out.log'), 'first\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['first']);
});

test('a star names the logs of all instances, and of no other program', async () => {
  const { at, logs } = makeLogs();
  for (const name of ['app-out-0.log', 'app-out-1.log', 'app-error-0.log', 'shop-out-0.log'])
    writeFileSync(at(name), `${name}\n`);
  expect(await logs.since(at('app-out-*.log'), [], 10)).toEqual(['app-out-0.log', 'app-out-1.log']);
  writeFileSync(at('app+out.log'), 'literal\n');
  expect(await logs.since(at('app+out.log'), [], 10)).toEqual(['literal']);
  await expect(logs.mark('/var/log/*/out.log')).rejects.toMatchObject({ reason: 'log-unreadable' });
});

test('the log of another instance is not taken for a rotated one', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('app-out.log'), 'old\n');
  const mark = await logs.mark(at('app-out.log'));
  writeFileSync(at('app-out-1.log'), 'other instance\n');
  writeFileSync(at('app-out-error.log'), 'other stream\n');
  expect(await logs.since(at('app-out.log'), mark, 10)).toEqual([]);
});

test('a line that is half written is not read before its end, and then whole, even if the mark fell into it', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n{"level":"err');
  const mark = await logs.mark(at('out.log'));
  expect(await logs.since(at('out.log'), mark, 10)).toEqual([]);
  appendFileSync(at('out.log'), 'or"}\nnext');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['{"level":"error"}']);
});

test('lines that do not begin an event continue the one before', async () => {
  const { at, logs } = makeLogs(/^\S/);
  writeFileSync(at('out.log'), 'Error: no\n    at a\n    at b\n\nServer listening\r\n{\n  x: 1\n}\n');
  expect(await logs.since(at('out.log'), [], 10)).toEqual([
    'Error: no\n    at a\n    at b\n',
    'Server listening',
    '{\n  x: 1',
    '}',
  ]);
});

test('secrets are taken out, also where a line is cut', async () => {
  const { at, logs } = makeLogs();
  const uri = 'mongodb://root:hunter2@db/x';
  writeFileSync(at('out.log'), `connecting to ${uri}\n\u001B[31mAuthorization: Bearer \u001B[0mhunter2\n`);
  appendFileSync(at('out.log'), `${'x'.repeat(16 * 1024 - 24)} ${uri}\n`);
  const events = await logs.since(at('out.log'), [], 10);
  expect(events).toHaveLength(3);
  expect(events.join('\n')).not.toContain('hunter');
  expect(events[2]).toMatch(/x \[cut\]$/);
});

test('a line without end does not fill the memory', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), `${'x y'.repeat(1_000_000)}\nnext\n`);
  const events = await logs.since(at('out.log'), [], 10);
  expect(events.map((event) => event.length < 17_000)).toEqual([true, true]);
  expect(events[1]).toBe('next');
});

for (const rotatedName of ['out.log.1', 'out.log-20250101', 'out__2025-01-01_00-00-00.log', 'out-2025-01-01.log']) {
  test(`nothing is lost or read twice when the log is renamed to ${rotatedName}`, async () => {
    const { at, logs } = makeLogs();
    writeFileSync(at('out.log'), 'old\n');
    const mark = await logs.mark(at('out.log'));
    appendFileSync(at('out.log'), 'one\n');
    renameSync(at('out.log'), at(rotatedName));
    expect(await logs.since(at('out.log'), mark, 10), 'before the new file is there').toEqual(['one']);
    writeFileSync(at('out.log'), 'two\n');
    appendFileSync(at(rotatedName), 'late, without end');
    expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'late, without end', 'two']);
    expect(await logs.since(at('o*.log'), mark, 10)).toEqual(['one', 'late, without end', 'two']);
  });
}

test('a log emptied in place is read from its beginning, even when it has grown past the mark again', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old, and quite long\n');
  const mark = await logs.mark(at('out.log'));
  truncateSync(at('out.log'));
  appendFileSync(at('out.log'), 'one\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one']);
  appendFileSync(at('out.log'), 'two, longer than what was there before\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'two, longer than what was there before']);
});

test('what was written before the log was copied and emptied is found in the copy', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n');
  const mark = await logs.mark(at('out.log'));
  appendFileSync(at('out.log'), 'one\n');
  copyFileSync(at('out.log'), at('out.log.1'));
  truncateSync(at('out.log'));
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one']);
  appendFileSync(at('out.log'), 'two\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'two']);
});

test('a copy that somebody made by hand is not read again', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n');
  const mark = await logs.mark(at('out.log'));
  appendFileSync(at('out.log'), 'one\n');
  copyFileSync(at('out.log'), at('out.log.20250101'));
  appendFileSync(at('out.log'), 'two\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'two']);
});

test('files that were rotated before the mark stay unread', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log.2'), 'older\n');
  writeFileSync(at('out.log.1'), 'old, without end');
  writeFileSync(at('out.log'), 'now\n');
  const mark = await logs.mark(at('out.log'));
  renameSync(at('out.log.2'), at('out.log.3'));
  renameSync(at('out.log.1'), at('out.log.2'));
  renameSync(at('out.log'), at('out.log.1'));
  writeFileSync(at('out.log'), 'new\n');
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['new']);
});

test('a log behind two names is read once', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('app-1.log'), 'one\n');
  symlinkSync('app-1.log', at('app-2.log'));
  expect(await logs.since(at('app-*.log'), [], 10)).toEqual(['one']);
});

test('a pipe or a folder in the place of a log holds no events, and nothing waits for it', async () => {
  const { at, logs } = makeLogs();
  execFileSync('/usr/bin/mkfifo', [at('out.log')]);
  mkdirSync(at('other.log'));
  expect(await logs.mark(at('*.log'))).toEqual([]);
});

test('a log that is gone altogether ends the story without an error', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n');
  const mark = await logs.mark(at('out.log'));
  unlinkSync(at('out.log'));
  expect(await logs.since(at('out.log'), mark, 10)).toEqual([]);
});

test('a log that may not be read is an error, not silence', async () => {
  const { at, folder, logs } = makeLogs();
  writeFileSync(at('out.log'), 'secret\n');
  chmodSync(folder, 0o755);
  chmodSync(at('out.log'), 0);
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await expect(logs.mark(at('out.log'))).rejects.toMatchObject({ reason: 'log-unreadable' });
    await expect(logs.since(at('out.log'), [], 10)).rejects.toMatchObject({ reason: 'log-unreadable' });
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test('several rotations in between are read in their order', async () => {
  const { at, logs } = makeLogs();
  writeFileSync(at('out.log'), 'old\n');
  const mark = await logs.mark(at('out.log'));
  for (const [index, line] of ['one', 'two', 'three'].entries()) {
    appendFileSync(at('out.log'), `${line}\n`);
    utimesSync(at('out.log'), index + 1, index + 1);
    renameSync(at('out.log'), at(`out-2025-01-0${index + 1}.log`));
  }
  expect(await logs.since(at('out.log'), mark, 10)).toEqual(['one', 'two', 'three']);
});
