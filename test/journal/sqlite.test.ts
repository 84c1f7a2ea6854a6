import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { hashOf } from '../../src/core/digest.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';
import { startChild } from './child.ts';
import { paused, scratchFolder, thrownBy, tickingClock, unpaused } from './fixture.ts';

const open = (file: string) => openJournal({ file, clock: tickingClock() });

test('what is appended is read in order, before and after a restart', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  const first = open(file);
  const appended = [...first.append(paused('deploy')), ...first.append(unpaused, paused('again'))];
  expect(appended.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect([...first.read()]).toEqual(appended);
  first[Symbol.dispose]();
  using second = open(file);
  expect([...second.read()]).toEqual(appended);
  expect(second.append(unpaused)[0]?.seq).toBe(4);
});

test('the hash covers the number, the time, the body and the hash before it', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  const [first, second] = journal.append(paused('deploy'), unpaused);
  expect(second?.hash).toBe(
    hashOf({
      seq: 2,
      at: second?.at,
      kind: 'acting.unpaused',
      body: '{"kind":"acting.unpaused","person":"ana"}',
      previous: first?.hash,
    }),
  );
});

test('an event that is none is refused with everything that came with it', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  const wrong = { kind: 'acting.unpaused' } as unknown as EventBody;
  expect(() => journal.append(unpaused, wrong)).toThrow();
  expect([...journal.read()]).toEqual([]);
  expect(journal.writable).toBe(true);
});

test('listeners hear each event once it is on the disk, in order, even where one of them appends', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  const heard: JournalEvent[] = [];
  journal.subscribe(({ body }) => {
    if (body.kind === 'acting.paused') journal.append(unpaused);
  });
  journal.subscribe((event) => {
    expect([...journal.read()]).toContainEqual(event);
    heard.push(event);
  });
  journal.append(paused('one'), paused('two'));
  expect(heard.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test('a listener that throws neither undoes the event nor keeps it from the others', () => {
  using folder = scratchFolder();
  const faults: unknown[] = [];
  const heard: JournalEvent[] = [];
  using journal = openJournal({
    file: folder.file('journal.db'),
    clock: systemClock,
    onListenerFault: (fault) => faults.push(fault),
  });
  journal.subscribe(() => {
    throw new Error('deaf');
  });
  journal.subscribe((event) => heard.push(event));
  expect(journal.append(unpaused)).toEqual(heard);
  expect(faults).toEqual([new Error('deaf')]);
});

test('reading goes on correctly while events are appended', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  journal.append(...Array.from({ length: 1_200 }, (_, turn) => paused(`turn ${turn}`)));
  let read = 0;
  for (const { seq } of journal.read()) {
    read++;
    expect(seq).toBe(read);
    if (read <= 10) journal.append(unpaused);
  }
  expect(read).toBe(1_210);
});

test('only the user of the daemon can read the journal and what lies beside it', () => {
  using folder = scratchFolder();
  const file = folder.file('deep/state/journal.db');
  open(file)[Symbol.dispose]();
  chmodSync(file, 0o644);
  using journal = open(file);
  journal.append(unpaused);
  journal.copyTo(folder.file('copy.db'));
  expect(statSync(folder.file('deep/state')).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder.file('deep/state')).map((name) => folder.file(`deep/state/${name}`));
  expect(files).toContain(`${file}-wal`);
  for (const each of [...files, folder.file('copy.db')]) expect(statSync(each).mode & 0o777, each).toBe(0o600);
});

test('a copy taken in use is a journal of its own', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  const events = journal.append(paused('deploy'), unpaused);
  journal.copyTo(folder.file('copy.db'));
  journal.append(unpaused);
  using copy = open(folder.file('copy.db'));
  expect([...copy.read()]).toEqual(events);
});

test('a copy never replaces a file', () => {
  using folder = scratchFolder();
  using journal = open(folder.file('journal.db'));
  writeFileSync(folder.file('precious'), 'mine');
  expect(thrownBy(() => journal.copyTo(folder.file('precious')))).toMatchObject({ reason: 'not-writable' });
  expect(readFileSync(folder.file('precious'), 'utf8')).toBe('mine');
});

test('the stored events can neither be changed nor deleted through SQL', () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  const journal = open(file);
  journal.append(unpaused);
  journal[Symbol.dispose]();
  using database = new DatabaseSync(file);
  expect(() => database.exec('UPDATE events SET at = 1')).toThrow('append-only');
  expect(() => database.exec('DELETE FROM events')).toThrow('append-only');
});

test('a second opening is refused at once, in this process and in another', async () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  const first = open(file);
  expect(thrownBy(() => open(file))).toMatchObject({ reason: 'held', remedy: expect.stringContaining('other daemon') });
  first.append(unpaused);
  first[Symbol.dispose]();

  await using child = startChild(new URL('./appending-child.ts', import.meta.url), file);
  await child.line(1);
  const asked = performance.now();
  expect(thrownBy(() => open(file))).toMatchObject({ reason: 'held', message: expect.stringContaining(file) });
  expect(performance.now() - asked).toBeLessThan(1_000);
  await child.kill();
  using after = open(file);
  expect([...after.read()].length).toBeGreaterThan(2);
});
