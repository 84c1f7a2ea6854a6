import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { openRecorder } from '../../src/recorder/recorder.ts';
import { scratchFolder } from '../journal/fixture.ts';

const roomy = 64 * 2 ** 20;
const start = 1_700_000_000_000;
const hour = 3_600_000;

const control = (at: number): Observation => ({
  at,
  tookMs: 1,
  probe: 'control',
  status: 'observed',
  values: { loopDelayMs: 2 },
});
const blind = (at: number, reason = 'no route to host'): Observation => ({
  at,
  tookMs: 5,
  probe: 'mongo',
  status: 'unobserved',
  reason,
});
const many = (count: number, from = start) =>
  Array.from({ length: count }, (_, turn) => blind(from + turn, 'x'.repeat(400)));

test('what was recorded is there after a restart, from the asked moment on, in order', () => {
  using folder = scratchFolder();
  const file = folder.file('state/recorder.db');
  const first = openRecorder({ file, limitBytes: roomy });
  first.record([control(start), blind(start + 1)]);
  first.record([control(start + 2)]);
  first[Symbol.dispose]();
  using second = openRecorder({ file, limitBytes: roomy });
  expect(second.since(start + 1)).toEqual([blind(start + 1), control(start + 2)]);
  expect(Object.fromEntries(second.latest())).toEqual({ control: control(start + 2), mongo: blind(start + 1) });
  expect(second).toMatchObject({ dropped: 0, trouble: undefined });
});

test('the file stays below its limit and keeps the newest', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  const limitBytes = 2 ** 20;
  using recorder = openRecorder({ file, limitBytes });
  for (let turn = 0; turn < 200; turn++) recorder.record(many(50, start + turn * 50));
  const kept = recorder.since(0);
  expect(recorder.dropped).toBe(0);
  expect(statSync(file).size).toBeLessThanOrEqual(limitBytes);
  expect(statSync(`${file}-wal`).size).toBeLessThan(2 * 2 ** 20);
  expect(kept.length).toBeGreaterThan(1_000);
  expect(kept).toEqual(many(10_000).slice(-kept.length));
});

test('a burst larger than what pruning has freed makes room for itself', () => {
  using folder = scratchFolder();
  using recorder = openRecorder({ file: folder.file('recorder.db'), limitBytes: 2 ** 20 });
  for (let turn = 0; turn < 8; turn++) recorder.record(many(1_000, start + turn * 1_000));
  expect(recorder.dropped).toBe(0);
  expect(recorder.since(start + 7_000)).toHaveLength(1_000);
});

test('a file over a lowered limit shrinks bit by bit', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  const before = openRecorder({ file, limitBytes: roomy });
  before.record(many(10_000));
  before[Symbol.dispose]();
  expect(statSync(file).size).toBeGreaterThan(4 * 2 ** 20);
  const after = openRecorder({ file, limitBytes: 2 ** 20 });
  for (let turn = 0; turn < 100; turn++) after.record([control(start + hour + turn)]);
  after[Symbol.dispose]();
  expect(statSync(file).size).toBeLessThanOrEqual(2 ** 20);
});

test('what is too old is forgotten in small batches', () => {
  using folder = scratchFolder();
  using recorder = openRecorder({ file: folder.file('recorder.db'), limitBytes: roomy, maxAgeMs: hour });
  recorder.record(many(500));
  recorder.record([control(start + 2 * hour)]);
  expect(recorder.since(0)).toHaveLength(301);
  for (let turn = 1; turn <= 2; turn++) recorder.record([control(start + 2 * hour + turn)]);
  expect(recorder.since(0).map(({ probe }) => probe)).toEqual(['control', 'control', 'control']);
});

test('a damaged file is moved aside and a new one begun', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  writeFileSync(file, 'garbage '.repeat(1_000));
  using recorder = openRecorder({ file, limitBytes: roomy });
  recorder.record([control(start)]);
  expect(recorder.since(0)).toEqual([control(start)]);
  expect(readFileSync(`${file}.damaged`, 'utf8')).toContain('garbage');
});

test('damage that shows only while recording costs what was being recorded, not what comes after', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  const before = openRecorder({ file, limitBytes: roomy });
  before.record(many(1_000));
  before[Symbol.dispose]();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4_096);
  writeFileSync(file, bytes);
  using recorder = openRecorder({ file, limitBytes: roomy });
  for (let turn = 0; turn < 3; turn++) recorder.record([control(start + turn)]);
  expect(recorder.trouble).toBeUndefined();
  expect(recorder.dropped).toBeLessThan(3);
  expect(recorder.since(0).at(-1)).toEqual(control(start + 2));
  expect(readdirSync(folder.path)).toContain('recorder.db.damaged');
});

test('the file of an unknown version is moved aside', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE observations (x); PRAGMA user_version = 99');
  other.close();
  using recorder = openRecorder({ file, limitBytes: roomy });
  recorder.record([control(start)]);
  expect(recorder.since(0)).toHaveLength(1);
});

test('an observation in a shape that this version does not know is passed over', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  const before = openRecorder({ file, limitBytes: roomy });
  before.record([control(start)]);
  before[Symbol.dispose]();
  const other = new DatabaseSync(file);
  other.exec(
    `INSERT INTO observations (at, probe, body) VALUES (${start}, 'mongo', '{"probe":"tide"}'), (${start}, 'mongo', '{')`,
  );
  other.close();
  using after = openRecorder({ file, limitBytes: roomy });
  expect(after.since(0)).toEqual([control(start)]);
});

test('trouble with the disk is counted, never thrown, and over when the disk is well again', () => {
  using folder = scratchFolder();
  const file = folder.file('state/recorder.db');
  writeFileSync(folder.file('state'), 'a file where the folder should be');
  using recorder = openRecorder({ file, limitBytes: roomy });
  recorder.record([control(start), blind(start)]);
  expect(recorder.dropped).toBe(2);
  expect(recorder.trouble).toContain('state');
  expect(recorder.since(0)).toEqual([]);
  expect(recorder.latest().get('control')).toEqual(control(start));

  rmSync(folder.file('state'));
  mkdirSync(folder.file('state'));
  recorder.record([control(start + 1)]);
  expect(recorder).toMatchObject({ dropped: 2, trouble: undefined });
  expect(recorder.since(0)).toEqual([control(start + 1)]);
});

test('a file locked by another process drops observations at once instead of waiting', () => {
  using folder = scratchFolder();
  const file = folder.file('recorder.db');
  using recorder = openRecorder({ file, limitBytes: roomy });
  recorder.record([control(start)]);
  using other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const asked = performance.now();
  recorder.record([control(start + 1)]);
  expect(performance.now() - asked).toBeLessThan(500);
  expect(recorder).toMatchObject({ dropped: 1, trouble: expect.stringContaining('locked') });
  other.exec('ROLLBACK');
  recorder.record([control(start + 2)]);
  expect(recorder.since(0)).toEqual([control(start), control(start + 2)]);
});

test('a closed recorder drops and does not open its file again', () => {
  using folder = scratchFolder();
  const recorder = openRecorder({ file: folder.file('recorder.db'), limitBytes: roomy });
  recorder[Symbol.dispose]();
  recorder.record([control(start)]);
  expect(recorder.dropped).toBe(1);
  expect(readdirSync(folder.path)).toEqual(['recorder.db']);
});

test('the file is readable by the user of the daemon alone', () => {
  using folder = scratchFolder();
  using recorder = openRecorder({ file: folder.file('state/recorder.db'), limitBytes: roomy });
  recorder.record([control(start)]);
  for (const name of readdirSync(folder.file('state'))) {
    expect(statSync(folder.file(`state/${name}`)).mode & 0o777, name).toBe(0o600);
  }
});
