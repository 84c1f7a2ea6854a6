import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate, migrations, schemaVersion } from '../../src/journal/migrations.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { paused, scratchFolder, thrownBy, tickingClock, unpaused } from './fixture.ts';

const open = (file: string) => openJournal({ file, clock: tickingClock() });

function journalWith(file: string, events: number): void {
  using journal = open(file);
  for (let turn = 1; turn <= events; turn++) journal.append(paused(`turn ${turn} ${'x'.repeat(200)}`));
}

function refusal(file: string): unknown {
  const folder = readdirSync(dirname(file));
  const before = readFileSync(file);
  const thrown = thrownBy(() => open(file));
  expect(readFileSync(file).equals(before), 'the file is as it was').toBe(true);
  expect(readdirSync(dirname(file))).toEqual(folder);
  return thrown;
}

/** Changes the file the way somebody with the sqlite3 program would. */
function tamper(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(`DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_deleted; ${sql}`);
}

const corrupted = (file: string, detail: string) => ({
  reason: 'corrupted',
  message: expect.stringMatching(new RegExp(`${file}.*${detail}`)),
  remedy: expect.stringContaining('keep the file'),
});

test('a file that is no database is refused and left alone', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  writeFileSync(file, 'garbage '.repeat(1_000));
  expect(refusal(file)).toMatchObject(corrupted(file, 'not a database'));
});

test('an empty file is refused: a journal that was cut to nothing must not look like a new one', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  writeFileSync(file, '');
  expect(refusal(file)).toMatchObject(corrupted(file, 'empty'));
});

test('the database of another program is refused', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE bookmarks (url TEXT)');
  other.close();
  expect(refusal(file)).toMatchObject(corrupted(file, 'no journal'));
});

test.each([50, 2_000, 4_096, 20_000, 40_000])('a journal cut to %i bytes is refused', (bytes) => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  journalWith(file, 200);
  expect(readFileSync(file).length).toBeGreaterThan(40_000);
  truncateSync(file, bytes);
  expect(refusal(file)).toMatchObject(corrupted(file, ''));
});

test.each([
  ['a changed body', "UPDATE events SET body = replace(body, 'turn 7', 'turn 8') WHERE seq = 7", 'Event 7 .*hash'],
  ['a changed time', 'UPDATE events SET at = at + 1 WHERE seq = 7', 'Event 7 .*hash'],
  ['a time out of all bounds', 'UPDATE events SET at = 9223372036854775807 WHERE seq = 7', 'too large'],
  ['a changed kind', "UPDATE events SET kind = 'daemon.started' WHERE seq = 7", 'Event 7 .*hash'],
  ['a changed hash', "UPDATE events SET hash = 'f' WHERE seq = 7", 'Event 7 .*hash'],
  ['a removed event', 'DELETE FROM events WHERE seq = 7', 'Event 7 is missing; event 8'],
  ['a removed beginning', 'DELETE FROM events WHERE seq < 7', 'Event 1 is missing; event 7'],
  [
    'two swapped events',
    'UPDATE events SET seq = -seq; UPDATE events SET seq = -seq + (seq = -7) - (seq = -8)',
    'Event 7',
  ],
])('a journal with %s is refused with the number of the event', (_what, sql, detail) => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  journalWith(file, 10);
  tamper(file, sql);
  expect(refusal(file)).toMatchObject(corrupted(file, detail));
});

test('a chain broken in the write-ahead log of a crash is refused, and neither file nor log is touched', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  journalWith(file, 5);
  const writer = new DatabaseSync(file);
  writer.exec("DROP TRIGGER events_are_not_changed; UPDATE events SET hash = 'f' WHERE seq = 3");
  const crashed = folder.file('crashed.db');
  copyFileSync(file, crashed);
  copyFileSync(`${file}-wal`, `${crashed}-wal`);
  writer.close();
  const [main, log] = [readFileSync(crashed), readFileSync(`${crashed}-wal`)];
  expect(thrownBy(() => open(crashed))).toMatchObject(corrupted(crashed, 'Event 3'));
  expect(readFileSync(crashed).equals(main)).toBe(true);
  expect(readFileSync(`${crashed}-wal`).equals(log)).toBe(true);
});

test('a journal of a newer version is refused', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  journalWith(file, 1);
  const newer = new DatabaseSync(file);
  newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  newer.close();
  expect(refusal(file)).toMatchObject({
    reason: 'newer-schema',
    message: expect.stringContaining(`schema ${migrations.length + 1}`),
    remedy: expect.stringContaining('later'),
  });
});

test('a path that cannot hold a journal is refused as not writable', () => {
  using folder = scratchFolder();
  mkdirSync(folder.file('taken'));
  writeFileSync(folder.file('plain'), '');
  const notWritable = { reason: 'not-writable', remedy: expect.stringContaining('folder') };
  expect(thrownBy(() => open(folder.file('taken')))).toMatchObject(notWritable);
  expect(thrownBy(() => open(folder.file('plain/journal.db')))).toMatchObject(notWritable);
  expect(thrownBy(() => open('/proc/journal.db'))).toMatchObject(notWritable);
});

test('creating a journal leaves nothing beside it but its mark', () => {
  using folder = scratchFolder();
  open(folder.file('journal.db'))[Symbol.dispose]();
  expect(readdirSync(folder.path)).toEqual(['journal.db', 'journal.db.mark']);
});

test('migrations are applied in order, once, and a failing one changes nothing', () => {
  using database = new DatabaseSync(':memory:');
  const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y'];
  migrate(database, steps);
  migrate(database, steps);
  expect(schemaVersion(database)).toBe(2);
  expect(() => migrate(database, [...steps, 'CREATE TABLE b (x); CREATE TABLE a (x)'])).toThrow('already exists');
  expect(schemaVersion(database)).toBe(2);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'b'").all()).toEqual([]);
});

test('a refused journal can be put right by hand and opened', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  journalWith(file, 3);
  copyFileSync(file, folder.file('sound'));
  writeFileSync(file, 'garbage');
  refusal(file);
  copyFileSync(folder.file('sound'), file);
  using journal = open(file);
  journal.append(unpaused);
  expect([...journal.read()]).toHaveLength(4);
  expect(existsSync(`${file}-shm`)).toBe(false);
});
