import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { connectAlone } from '../../src/journal/file.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { paused, scratchFolder, thrownBy, unpaused } from './fixture.ts';

/** A journal whose disk can be made full and empty again: SQLite then fails as it does on a real one. */
function journalOnSmallDisk(file: string) {
  let disk: DatabaseSync | undefined;
  const connect = (path: string) => {
    disk = connectAlone(path);
    return disk;
  };
  let writeFaults = 0;
  const onWriteFault = () => {
    writeFaults += 1;
  };
  const journal = openJournal({ file, clock: systemClock, connect, onWriteFault });
  const limit = (pages: number) => disk?.exec(`PRAGMA max_page_count = ${pages}`);
  const pages = () => Number(disk?.prepare('PRAGMA page_count').get()?.page_count);
  return { journal, writeFaults: () => writeFaults, fill: () => limit(pages() + 1), free: () => limit(1_000_000) };
}

const large = (name: string) => paused(name.repeat(3_000));

test('on a full disk nothing is half-written, and acting stops until there is room', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  const { journal, fill, free } = journalOnSmallDisk(file);
  const before = journal.append(paused('before'));
  fill();
  expect(thrownBy(() => journal.append(unpaused, large('a'), large('b')))).toMatchObject({
    reason: 'not-writable',
    message: expect.stringContaining(file),
    remedy: expect.stringContaining('free space'),
  });
  expect(journal.writable).toBe(false);
  expect([...journal.read()]).toEqual(before);

  free();
  const after = journal.append(large('c'));
  expect(journal.writable).toBe(true);
  journal[Symbol.dispose]();
  using reopened = openJournal({ file, clock: systemClock });
  expect([...reopened.read()]).toEqual([...before, ...after]);
});

test('a probe finds out that the disk has room again, and leaves no trace in the events', () => {
  using folder = scratchFolder();
  const { journal, writeFaults, fill, free } = journalOnSmallDisk(folder.file('journal.db'));
  fill();
  expect(() => journal.append(large('a'), large('b'))).toThrow();
  expect(journal.probeWritable()).toBe(false);
  expect(writeFaults()).toBe(2);
  free();
  expect(journal.probeWritable()).toBe(true);
  expect(writeFaults()).toBe(2);
  expect(journal.writable).toBe(true);
  expect([...journal.read()]).toEqual([]);
  journal[Symbol.dispose]();
});

test('a disk with room for one event but not for a run counts as full', () => {
  using folder = scratchFolder();
  const { journal, fill } = journalOnSmallDisk(folder.file('journal.db'));
  fill();
  expect(journal.probeWritable()).toBe(false);
  journal.append(unpaused);
  expect(journal.writable).toBe(true);
  journal[Symbol.dispose]();
});

test('listeners hear nothing of an event that was not written', () => {
  using folder = scratchFolder();
  const { journal, fill } = journalOnSmallDisk(folder.file('journal.db'));
  const heard: number[] = [];
  journal.subscribe(({ seq }) => heard.push(seq));
  fill();
  expect(() => journal.append(large('a'), large('b'))).toThrow();
  journal.append(unpaused);
  expect(heard).toEqual([1]);
  journal[Symbol.dispose]();
});
