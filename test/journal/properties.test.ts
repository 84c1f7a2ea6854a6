import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/core/digest.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { type EventBody, eventBody } from '../../src/model/event.ts';
import { arbitraryEvent, eventsOfEachKind } from './arbitrary-event.ts';
import { startChild } from './child.ts';
import { scratchFolder, thrownBy, tickingClock } from './fixture.ts';

const open = (file: string) => openJournal({ file, clock: tickingClock() });
const transactions = fc.array(fc.array(arbitraryEvent, { maxLength: 4 }), { maxLength: 8 });
/** What JSON keeps of it: -0 becomes 0. */
const stored = (bodies: EventBody[]) => bodies.map((body) => JSON.parse(canonicalJson(eventBody.parse(body))));

test('any sequence of valid events survives closing and opening unchanged', () => {
  fc.assert(
    fc.property(transactions, (batches) => {
      using folder = scratchFolder();
      const file = folder.file('journal.db');
      const appended = batches.flatMap((bodies) => {
        using journal = open(file);
        return journal.append(...bodies);
      });
      using journal = open(file);
      const read = [...journal.read()];
      expect(read).toEqual(appended);
      expect(read.map(({ body }) => body)).toEqual(stored(batches.flat()));
      expect(read.map(({ seq }) => seq)).toEqual(read.map((_, index) => index + 1));
    }),
    { numRuns: 30, endOnFailure: true },
  );
});

test('an event of every kind survives', () => {
  fc.assert(
    fc.property(fc.tuple(...eventsOfEachKind), (bodies) => {
      using folder = scratchFolder();
      const file = folder.file('journal.db');
      const first = open(file);
      const appended = first.append(...bodies);
      first[Symbol.dispose]();
      using second = open(file);
      expect([...second.read()]).toEqual(appended);
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

function everyPlace(bytes: Buffer, text: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) places.push(at);
  return places;
}

test('a flipped byte of a stored body is refused as corrupted, and the file is left as it was', () => {
  const damage = fc.record({
    bodies: fc.array(arbitraryEvent, { minLength: 1, maxLength: 5 }),
    event: fc.nat(),
    byte: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(damage, ({ bodies, event, byte, flip }) => {
      using folder = scratchFolder();
      const file = folder.file('journal.db');
      const journal = open(file);
      journal.append(...bodies);
      // A copy has few stale remains of the text in the free space of its pages; what there is of them is damaged too.
      journal.copyTo(folder.file('copy.db'));
      journal[Symbol.dispose]();
      copyFileSync(folder.file('copy.db'), file);
      const bytes = readFileSync(file);
      const text = Buffer.from(canonicalJson(bodies[event % bodies.length]));
      const places = everyPlace(bytes, text);
      // A long body lies in several pieces.
      fc.pre(places.length > 0);
      for (const place of places) {
        const at = place + (byte % text.length);
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
      }
      writeFileSync(file, bytes);
      expect(thrownBy(() => open(file))).toMatchObject({ reason: 'corrupted', message: expect.stringContaining(file) });
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('kill -9 while appending loses nothing that was acknowledged and leaves whole transactions only', async () => {
  using folder = scratchFolder();
  const file = folder.file('journal.db');
  let before = 0;
  for (const lines of [1, 40, 400]) {
    await using child = startChild(new URL('./appending-child.ts', import.meta.url), file);
    await child.line(lines);
    await child.kill();
    using journal = open(file);
    const events = [...journal.read()];
    const acknowledged = new Map(child.lines.map((line) => line.split(' ') as [string, string]));
    for (const [seq, hash] of acknowledged) expect(events[Number(seq) - 1]?.hash, `event ${seq}`).toBe(hash);
    expect(events.length % 2).toBe(0);
    expect(events.length).toBeGreaterThanOrEqual(before + child.lines.length * 2);
    before = events.length;
  }
});
