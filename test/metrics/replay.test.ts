import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite.ts';
import { arbitraryEvent } from '../journal/arbitrary-event.ts';
import { scratchFolder, tickingClock } from '../journal/fixture.ts';
import { metricsOf, samples } from './fixture.ts';

// The sandbox of names is small on purpose, so that events meet: the same run started, finished and resumed.
const few = fc.constantFrom('one', 'two');
const meetingEvent = fc.tuple(arbitraryEvent, few, few, few).map(([body, run, incident, message]) => ({
  ...body,
  ...('run' in body && body.kind !== 'child.planned' ? { run } : {}),
  ...('incident' in body && body.incident !== undefined ? { incident } : {}),
  ...('message' in body && body.kind !== 'step.failed' ? { message } : {}),
}));

test('after a restart, a replay of the journal gives the metrics that the events gave when they happened', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(meetingEvent, { maxLength: 5 }), { maxLength: 10 }), async (batches) => {
      using folder = scratchFolder();
      const file = folder.file('journal.db');
      const live = metricsOf();
      const journal = openJournal({ file, clock: tickingClock() });
      journal.subscribe(live.observeEvent);
      for (const batch of batches) journal.append(...batch);
      journal[Symbol.dispose]();

      const replayed = metricsOf();
      using reopened = openJournal({ file, clock: tickingClock() });
      for (const event of reopened.read()) replayed.observeEvent(event);
      expect(await samples(replayed)).toEqual(await samples(live));
    }),
    { numRuns: 20 },
  );
});
