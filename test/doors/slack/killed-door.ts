import { pino } from 'pino';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { openSlackDoor } from '../../../src/doors/slack/door.ts';
import { openMemory } from '../../../src/engine/memory.ts';
import { openJournal } from '../../../src/journal/sqlite.ts';
import { stage } from '../../commands/fixture.ts';

/** A door on a real journal, in a process to be killed: by the test, or by itself as soon as an answer has been written down, before anybody is told. */
const [configFile = '', journalFile = '', when = ''] = process.argv.slice(2);
const loaded = loadConfig(configFile, {});
if (loaded.status === 'invalid') throw new Error(JSON.stringify(loaded.faults));
const { notify, doors, people } = loaded.config;
const { slack: channel } = notify;
if (!channel || !doors.slack) throw new Error('no Slack is configured');
const memory = openMemory(openJournal({ file: journalFile, clock: systemClock }), 'approve');
memory.subscribe(({ body }) => {
  if (when === 'at-record' && body.kind === 'approval.answered') process.kill(process.pid, 'SIGKILL');
});
const { context } = stage();
await openSlackDoor({
  settings: doors.slack,
  slack: () => channel,
  context: () => ({ ...context, memory, clock: systemClock, settings: { ...context.settings, people } }),
  people: () => people,
  onConnection: (connected) => process.stdout.write(connected ? 'connected\n' : 'lost\n'),
  onWayIn: () => {},
  onSole: () => {},
  clock: systemClock,
  log: pino({ level: 'silent' }),
});
