import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { JournalEvent } from '../../src/model/event.ts';
import { decisionRecord } from '../../src/report/decision-record.ts';
import { openDoor } from '../doors/socket/open-door.ts';
import { control, health } from '../engine/judging.ts';
import { live, type World } from '../replay/live-engine.ts';
import { exampleConfig, written } from '../replay/written.ts';
import { rollbackd } from './command-line.ts';

const minute = 60_000;
const outage: World = (since) => [control(0), ...(since % 10_000 === 0 ? [health(0, since < 5 * minute)] : [])];

const asked = async () => (await live(exampleConfig(), 'approve', 25 * minute, outage)).events;

/** A journal on the disk that holds these events. */
function journalOf(events: readonly JournalEvent[]) {
  const file = join(written([], 'beside'), '../journal.db');
  let now = 0;
  const journal = openJournal({ file, clock: { now: () => now } });
  for (const { at, body } of events) {
    now = at;
    journal.append(body);
  }
  return { file, journal };
}

describe('rollbackd explain', () => {
  it('asks the daemon, and tells people in parts what was decided and why', async () => {
    await using open = await openDoor(undefined, undefined, undefined, await asked());
    const { code, out } = await rollbackd(['explain', '--socket', open.path]);
    expect(code).toBe(0);
    for (const title of [
      'what was seen',
      'what was decided',
      'guards',
      'why not earlier',
      'what would have changed it',
    ])
      expect(out).toContain(`\n${title}\n`);
    expect(out).toMatch(/unavailable is breach: 1\dm\S*, threshold 15m; \d+ samples in /);
    expect(out).toMatch(/failed mode: mode is approve/);
  });

  it('reads a journal that nobody holds, as machines want it', async () => {
    const { file, journal } = journalOf(await asked());
    journal[Symbol.dispose]();
    const { code, out } = await rollbackd(['explain', '--journal', file, '--json']);
    expect(code).toBe(0);
    expect(decisionRecord.parse(JSON.parse(out))).toMatchObject({ version: 1, criterion: 'unavailable' });
  });

  it('says which file is no journal, and which to name', async () => {
    for (const file of ['/nowhere/journal.db', written(['no database'], 'journal.db')]) {
      const { code, err } = await rollbackd(['explain', '--journal', file]);
      expect(code).toBe(1);
      expect(err).toContain(`${file} cannot be read as a journal (`);
      expect(err).toContain('next: name the journal.db of a state folder');
    }
  });

  it('leaves a journal alone that a daemon holds, and says so', async () => {
    const { file, journal } = journalOf(await asked());
    using held = journal;
    const { code, err } = await rollbackd(['explain', '--journal', file]);
    expect(code).toBe(1);
    expect(err).toContain(`The journal ${held.file} is held by another process`);
  });

  it('of an incident that never was is refused by the daemon', async () => {
    await using open = await openDoor(undefined, undefined, undefined, await asked());
    const { code, err } = await rollbackd(['explain', 'incident-x', '--socket', open.path]);
    expect(code).toBe(1);
    expect(err).toContain('there is no incident incident-x');
  });
});
