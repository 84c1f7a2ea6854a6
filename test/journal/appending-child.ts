import { systemClock } from '../../src/core/clock.ts';
import { openJournal } from '../../src/journal/sqlite.ts';

// Appends for ever, two events at a time; says so after each append has returned.
const [file = ''] = process.argv.slice(2);
const journal = openJournal({ file, clock: systemClock });
for (let turn = 0; ; turn++) {
  const events = journal.append(
    { kind: 'acting.paused', person: 'ana', reason: `turn ${turn}`, until: turn },
    { kind: 'acting.unpaused', person: `turn ${turn}` },
  );
  const written = process.stdout.write(`${events.at(-1)?.seq} ${events.at(-1)?.hash}\n`);
  if (!written) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
