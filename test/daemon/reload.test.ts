import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type Daemon, startDaemon } from '../../src/daemon.ts';
import { connectTo } from '../../src/doors/socket/client.ts';
import type { EventBody } from '../../src/model/event.ts';
import { probeName } from '../../src/model/observation.ts';
import { eventually } from '../exec/eventually.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';
import { eventsOf, journalled, kindsIn, prepareJournal } from './journal-of.ts';

const quiet = { 'log.level': 'error' };

const running = ({ configFile }: DeadTarget): Promise<Daemon> => startDaemon({ configFile, environment: {} });

const statusOf = ({ socket }: DeadTarget) => connectTo(socket, new AbortController().signal).status();

const armed = (configHash: string): EventBody => ({
  kind: 'mode.armed',
  person: 'ana',
  role: 'senior-engineer',
  until: Date.parse('2099-01-01T00:00:00Z'),
  manifestHash: 'manifest',
  configHash,
  guardsOff: ['drill', 'readiness'],
  reason: 'the night of the migration',
});

/** A target whose journal says that its configuration was armed. */
async function armedTarget(): Promise<DeadTarget> {
  const target = await deadTarget(quiet);
  prepareJournal(target.journal, armed(target.configHash()));
  return target;
}

test('at a hangup an invalid file is refused with every fault, and a valid one is taken up', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  target.configure({ 'probes.timeout': 3, 'target.colour': 'red' });
  daemon.kill('SIGHUP');
  const line = await daemon.says('the old one stays in force');
  expect(line.level).toBe(50);
  const bothFaults = [expect.stringContaining('target.colour'), expect.stringContaining('probes.timeout')];
  expect(line.faults).toEqual(expect.arrayContaining(bothFaults));
  target.configure({ 'people.0.name': 'bo' });
  daemon.kill('SIGHUP');
  await daemon.says('the configuration was read again');
  expect(await daemon.stop()).toBe(0);
  expect(kindsIn(target.journal)).toEqual(['daemon.started', 'config.refused', 'config.reloaded', 'daemon.stopped']);
  expect(eventsOf(target.journal, 'config.refused')[0]?.faults).toEqual(expect.arrayContaining(bothFaults));
  expect(eventsOf(target.journal, 'config.reloaded')[0]?.configHash).toBe(target.configHash());
});

test('a hangup during the start is heard as soon as the start is over', async () => {
  using target = await deadTarget(quiet);
  const [stop, hangup] = [new AbortController(), Promise.withResolvers<() => void>()];
  const terminal: Terminal = {
    environment: {},
    write: () => {},
    writeError: () => {},
    setExitCode: () => {},
    signal: stop.signal,
    onHangup: hangup.resolve,
    onFault: () => {},
  };
  const ending = runCommand(terminal).parseAsync(['--config', target.configFile], { from: 'user' });
  while (!existsSync(target.journal)) await turn();
  target.configure({ ...quiet, mode: 'observe' });
  (await hangup.promise)();
  const mode = async () => (await statusOf(target).catch(() => undefined))?.mode;
  await eventually('the new file is taken up', async () => (await mode()) === 'observe');
  stop.abort();
  await ending;
  expect(kindsIn(target.journal)).toContain('config.reloaded');
});

test('a probe to which a new file gives nothing to look at has no age, so that nobody is alerted', async () => {
  using target = await deadTarget(quiet);
  await using daemon = await running(target);
  const ages = async () => {
    const text = await (await fetch(`${target.http}/metrics`)).text();
    return [...text.matchAll(/^rollbackd_probe_last_observed_age_seconds\{probe="(\w+)"\}/gm)].map(
      ([, probe]) => probe,
    );
  };
  expect(await ages()).toContain('requests');
  target.configure({ ...quiet, 'traffic.accessLog': undefined });
  await daemon.reload();
  expect(await ages()).toEqual(probeName.options.filter((probe) => probe !== 'requests'));
});

test('people and pace of a new file count at once, and looking goes on', async () => {
  using target = await deadTarget(quiet);
  await using daemon = await running(target);
  const client = connectTo(target.socket, new AbortController().signal);
  target.configure({ ...quiet, 'people.0.name': 'bo' });
  await daemon.reload();
  await client.command('pause', { reason: 'a look at the pool', for: '5m' });
  expect((await statusOf(target)).paused).toMatchObject({ person: 'bo' });
  await daemon[Symbol.asyncDispose]();
  expect(eventsOf(target.journal, 'acting.paused')[0]?.person).toBe('bo');
});

test('a reload of the same file changes nothing', async () => {
  using target = await deadTarget(quiet);
  await using daemon = await running(target);
  await daemon.reload();
  await daemon[Symbol.asyncDispose]();
  expect(kindsIn(target.journal)).toEqual(['daemon.started', 'daemon.stopped']);
});

test('a reload never raises the mode, but lowers it; a restart takes it from the file', async () => {
  using target = await deadTarget({ ...quiet, mode: 'observe' });
  {
    await using daemon = await running(target);
    target.configure({ ...quiet, mode: 'approve' });
    await daemon.reload();
    expect((await statusOf(target)).mode).toBe('observe');
    target.configure({ ...quiet, mode: 'approve', 'people.0.name': 'bo' });
    await daemon.reload();
    expect((await statusOf(target)).mode, 'and a second one neither').toBe('observe');
  }
  await using daemon = await running(target);
  expect((await statusOf(target)).mode).toBe('approve');
  target.configure({ ...quiet, mode: 'observe' });
  await daemon.reload();
  expect((await statusOf(target)).mode).toBe('observe');
});

test('a reload gives no containment without asking either', async () => {
  using target = await deadTarget({ containment: 'ask' });
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  target.configure({ containment: 'automatic' });
  daemon.kill('SIGHUP');
  const line = await daemon.says('a reload does not raise that');
  expect(line).toMatchObject({ mode: 'approve', containment: 'ask' });
  await daemon.says('the configuration was read again');
});

test('an arming outlives a restart under the same configuration', async () => {
  using target = await armedTarget();
  await using daemon = await running(target);
  expect((await statusOf(target)).mode).toBe('armed');
  await daemon[Symbol.asyncDispose]();
  expect(kindsIn(target.journal)).toEqual(['mode.armed', 'daemon.started', 'daemon.stopped']);
});

const ended = [
  { kind: 'mode.changed', mode: 'approve', reason: 'the configuration has changed since it was armed' },
  { kind: 'message.queued', urgency: 'alarmed', subject: expect.stringContaining('no longer armed') },
];

test('an arming ends with a changed configuration at a reload, and people are told', async () => {
  using target = await armedTarget();
  await using daemon = await running(target);
  target.configure({ ...quiet, 'guard.maxWritesLost.deletes': 7 });
  await daemon.reload();
  expect((await statusOf(target)).mode).toBe('approve');
  await daemon[Symbol.asyncDispose]();
  expect(journalled(target.journal)).toEqual(
    expect.arrayContaining(ended.map((body) => expect.objectContaining(body))),
  );
});

test('an arming ends with a changed configuration at a restart, and people are told', async () => {
  using target = await armedTarget();
  target.configure({ ...quiet, mode: 'observe' });
  await using daemon = await running(target);
  expect((await statusOf(target)).mode).toBe('observe');
  await daemon[Symbol.asyncDispose]();
  const [, message] = ended;
  const changed = { ...ended[0], mode: 'observe' };
  expect(journalled(target.journal)).toEqual(
    expect.arrayContaining([expect.objectContaining(changed), expect.objectContaining(message)]),
  );
});

test('an arming stays where a reload is refused', async () => {
  using target = await armedTarget();
  await using daemon = await running(target);
  target.configure({ ...quiet, mode: 'armed' });
  await daemon.reload();
  expect((await statusOf(target)).mode).toBe('armed');
});

test.each([
  ['target.name', { 'target.name': 'another-cafe' }],
  ['state', { 'state.recorderLimit': '1MiB' }],
  ['doors', { 'doors.http.port': 0 }],
])('another %s is refused until a restart', async (path, change) => {
  using target = await deadTarget(quiet);
  await using daemon = await running(target);
  target.configure({ ...quiet, ...change });
  await daemon.reload();
  expect((await statusOf(target)).target).toBe('dead-cafe');
  await daemon[Symbol.asyncDispose]();
  expect(eventsOf(target.journal, 'config.refused')).toEqual([
    { kind: 'config.refused', faults: [`${path} can only be changed by a restart`] },
  ]);
});
