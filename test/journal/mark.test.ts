import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { markFile } from '../../src/journal/mark.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { planOf } from '../incident/histories.ts';
import { paused, scratchFolder, thrownBy, tickingClock, unpaused } from './fixture.ts';

const open = (file: string) => openJournal({ file, clock: tickingClock() });
const seqsIn = (file: string) => {
  using journal = open(file);
  return [...journal.read()].map(({ seq }) => seq);
};

/** What a process that is killed leaves: copies of its files at that moment. */
function crashed(file: string, from: string): void {
  using journal = open(from);
  for (let turn = 1; turn <= written; turn++) journal.append(paused(`turn ${turn}`));
  for (const part of ['', '-wal', '.mark']) copyFileSync(`${from}${part}`, `${file}${part}`);
}

const written = 20;

function flipBit(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

const behind = (detail: RegExp) => ({
  reason: 'behind',
  message: expect.stringMatching(detail),
  remedy: expect.stringContaining('journal.db.mark'),
});

test.each([0.1, 0.5, 0.99])(
  'one flipped bit in the log of a crash is noticed: nothing is written after it (%d)',
  async (where) => {
    using folder = scratchFolder();
    const file = folder.file('journal.db');
    crashed(file, folder.file('running.db'));
    const log = readFileSync(`${file}-wal`);
    flipBit(`${file}-wal`, Math.floor(log.length * where));
    using journal = open(file);
    const found = [...journal.read()];
    expect(found.length).toBeLessThan(written);
    expect(journal.writable).toBe(false);
    expect(journal.refusal).toMatchObject(
      behind(new RegExp(`ends with event ${found.length}, and had come to event ${written}`)),
    );
    expect(thrownBy(() => journal.append(unpaused))).toMatchObject({ reason: 'behind' });
    expect(journal.probeWritable()).toBe(false);
    expect([...journal.read()]).toEqual(found);
  },
);

test('an older copy in its place is behind, at every start, until a person removes the mark', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  open(file)[Symbol.dispose]();
  copyFileSync(file, folder.file('older'));
  {
    using journal = open(file);
    journal.append(unpaused, paused('a look'));
  }
  copyFileSync(folder.file('older'), file);
  for (const _start of [1, 2]) {
    using journal = open(file);
    expect(journal.refusal).toMatchObject(behind(/ends with event 0, and had come to event 2/));
  }
  using journal = open(file);
  rmSync(markFile(file));
  expect(journal.probeWritable()).toBe(true);
  journal.append(unpaused);
  expect(journal.refusal).toBeUndefined();
});

test('another history of the same length is no continuation', () => {
  using folder = scratchFolder();
  const [file, other] = [folder.file('journal.db'), folder.file('other.db')];
  for (const [path, reason] of [
    [file, 'one'],
    [other, 'other'],
  ] as const) {
    using journal = open(path);
    journal.append(paused(reason), unpaused);
  }
  copyFileSync(other, file);
  using journal = open(file);
  expect(journal.refusal).toMatchObject(behind(/event 2 is another one than was written/));
});

test('a mark that cannot be understood vouches for nothing', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  open(file)[Symbol.dispose]();
  writeFileSync(markFile(file), '57\n');
  using journal = open(file);
  expect(journal.refusal).toMatchObject(behind(/journal\.db\.mark cannot be understood/));
});

test('a journal whose mark lags, or that has none, is as it should be and gets one', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  open(file)[Symbol.dispose]();
  const early = readFileSync(markFile(file));
  {
    using journal = open(file);
    journal.append(unpaused);
  }
  writeFileSync(markFile(file), early);
  expect(seqsIn(file)).toEqual([1]);
  rmSync(markFile(file));
  expect(seqsIn(file)).toEqual([1]);
  expect(readFileSync(markFile(file), 'utf8')).toMatch(/^ +1 [0-9a-f]{64}\n$/);
});

test('what ends a step has left the log when it is written', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  using journal = open(file);
  const authority = { by: 'person', person: 'ana', role: 'on-call-lead', reason: 'r' } as const;
  journal.append({ kind: 'run.started', run: 'run-1', plan: planOf('rollback'), authority });
  journal.append({ kind: 'step.succeeded', run: 'run-1', step: 's', attempt: 1, tookMs: 1, evidence: {} });
  expect(readFileSync(`${file}-wal`)).toHaveLength(0);
  copyFileSync(file, folder.file('alone.db'));
  expect(seqsIn(folder.file('alone.db'))).toEqual([1, 2]);
});

function replace(file: string): void {
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
}

test.each([
  ['deleted', (file: string) => rmSync(file)],
  ['moved away', (file: string) => renameSync(file, `${file}.away`)],
  ['replaced', replace],
])('a journal that is %s while it is in use takes nothing more', (_what, lose) => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  using journal = open(file);
  journal.append(unpaused);
  expect(journal.look()).toBe(true);
  lose(file);
  expect(journal.look()).toBe(false);
  expect(journal.probeWritable()).toBe(false);
  expect(journal.refusal).toMatchObject({ reason: 'gone', message: expect.stringContaining(file) });
  expect(thrownBy(() => journal.append(unpaused))).toMatchObject({ reason: 'gone' });
});

test('one that is put back goes on', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  using journal = open(file);
  renameSync(file, folder.file('away'));
  expect(journal.probeWritable()).toBe(false);
  renameSync(folder.file('away'), file);
  expect(journal.probeWritable()).toBe(true);
  journal.append(unpaused);
  expect(readdirSync(folder.path)).toContain('journal.db');
});
