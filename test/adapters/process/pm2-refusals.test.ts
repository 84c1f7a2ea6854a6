import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ProcessInspection } from '../../../src/adapters/host/contract.ts';
import { linuxHost } from '../../../src/adapters/host/linux.ts';
import { pm2Adapter } from '../../../src/adapters/process/pm2.ts';
import { createPm2Client } from '../../../src/adapters/process/pm2-client.ts';
import { readAppList } from '../../../src/adapters/process/pm2-list.ts';
import { TAG_VARIABLE } from '../../../src/exec/child-record.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';
import { never, type Pm2Place, pm2Place, SECRET, savedFile } from './pm2-place.ts';

let place: Pm2Place;

beforeAll(async () => {
  place = await pm2Place('fork');
});
afterAll(() => place.remove());

/** Every test finds both applications running and saved under a daemon that a person started. */
beforeEach(async () => {
  // "delete all" of an empty list is an error to pm2.
  if (await place.daemon()) await place.pm2(['delete', 'all']).catch(() => {});
  await place.pm2(['start', place.config.ecosystemFile, '--env', 'production']);
  await place.pm2(['save', '--force']);
});

const request = () => ({
  ecosystemFile: place.config.ecosystemFile,
  workingDirectory: join(place.folder, 'server'),
  environment: {},
});
const withHost = (changes: Partial<ProcessInspection>) =>
  pm2Adapter({
    config: place.config,
    run: createReadOnlyCommand(),
    readOnly: createReadOnlyCommand(),
    host: { ...linuxHost(), ...changes },
  });

test('a pm2 that a person started, outside of our unit, is accepted', { timeout: 90_000 }, async () => {
  expect(await place.adapter.refusals(never)).toEqual([]);
});

test('without a living daemon everything is refused, and none is started', { timeout: 90_000 }, async () => {
  await place.endDaemon();
  expect(await place.adapter.refusals(never)).toMatchObject([
    { against: 'acting', reason: expect.stringContaining('No pm2 daemon') },
  ]);
  for (const attempt of [
    () => place.adapter.list(never),
    () => place.adapter.stopAndSave(never),
    () => place.adapter.release(never),
    () => place.adapter.replace(request(), never),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      reason: 'process-manager',
      remedy: expect.stringContaining('never'),
    });
  }
  expect(await place.daemon()).toBeUndefined();
});

test('a daemon that vanishes between our look and pm2’s own is not started anew by pm2', {
  timeout: 90_000,
}, async () => {
  const daemon = await place.daemon();
  await place.endDaemon();
  const unaware = { socketListeners: async () => (daemon ? [daemon] : []), environment: async () => ({}) };
  await expect(withHost(unaware).list(never)).rejects.toThrow(/rpc.sock did not tell getMonitorData: connect ENOENT/);
  const readOnly = createReadOnlyCommand();
  const host = { ...linuxHost(), ...unaware };
  const client = createPm2Client({ config: place.config, run: readOnly, readOnly, host });
  await expect(client.write(['stop', '0'], never)).rejects.toThrow(/no pm2 daemon answers/);
  expect(await place.daemon()).toBeUndefined();
});

test('a daemon that one of our commands started is refused by the tag it carries', { timeout: 90_000 }, async () => {
  await place.endDaemon();
  await place.pm2(['resurrect'], { [TAG_VARIABLE]: 'child-1' });
  expect(await place.adapter.refusals(never)).toMatchObject([
    { against: 'acting', reason: expect.stringContaining('started by a command of rollbackd') },
  ]);
  await place.endDaemon();
});

test('a daemon below us, one in our own unit and one whose environment is hidden are refused', {
  timeout: 90_000,
}, async () => {
  const below = withHost({ ancestors: async () => [process.pid, 1] });
  expect(await below.refusals(never)).toMatchObject([
    { against: 'acting', reason: expect.stringContaining('started by rollbackd itself') },
  ]);
  const sameUnit = withHost({ serviceUnit: async () => '/system.slice/rollbackd.service' });
  expect(await sameUnit.refusals(never)).toMatchObject([
    { against: 'acting', reason: expect.stringContaining('/system.slice/rollbackd.service') },
  ]);
  const unitOf = async (pid: number) =>
    pid === process.pid ? '/system.slice/rollbackd.service' : '/system.slice/app.service';
  expect(await withHost({ serviceUnit: unitOf }).refusals(never)).toEqual([]);
  const hidden = withHost({ environment: async () => undefined });
  expect(await hidden.refusals(never)).toMatchObject([
    { against: 'acting', reason: expect.stringContaining("another user's") },
  ]);
});

test('a schedule that would start the application again after a stop is told', { timeout: 90_000 }, async () => {
  const file = join(place.folder, 'scheduled.config.js');
  const app = { name: 'cafe', script: 'server.js', cwd: join(place.folder, 'server'), cron_restart: '0 4 * * *' };
  writeFileSync(file, `module.exports = ${JSON.stringify({ apps: [app] })}`);
  await place.pm2(['delete', 'cafe']);
  await place.pm2(['start', file], { PORT: '0' });
  expect(await place.adapter.refusals(never)).toMatchObject([
    { against: 'staying', reason: expect.stringContaining('cron_restart') },
  ]);
});

test('a neighbour that only the saved list knows is not forgotten: stopped, but not saved, and said so', {
  timeout: 90_000,
}, async () => {
  const saved = savedFile(place);
  await place.pm2(['delete', 'neighbour']);
  expect(await place.adapter.refusals(never)).toMatchObject([
    { against: 'saving', reason: expect.stringContaining('saved neighbour') },
  ]);
  await expect(place.adapter.stopAndSave(never)).rejects.toThrow(/was not saved: .*neighbour/);
  expect(await place.adapter.list(never)).toMatchObject([{ status: 'stopped' }]);
  expect(savedFile(place)).toBe(saved);
});

test('what must not be saved can still be stopped, also where the saved list cannot be read', {
  timeout: 90_000,
}, async () => {
  await place.ask();
  writeFileSync(join(place.config.home, 'dump.pm2'), 'cut o');
  expect(await place.adapter.refusals(never)).toMatchObject([
    { against: 'saving', reason: expect.stringContaining('not a list of applications') },
  ]);
  await place.adapter.stop(never);
  expect(await place.silent()).toBe(true);
  expect(savedFile(place)).toBe('cut o');
  await place.neighbour();
});

test('the last application of a pm2 can be deleted and its empty list saved', { timeout: 90_000 }, async () => {
  await place.pm2(['delete', 'all']);
  await place.pm2(['start', place.config.ecosystemFile, '--env', 'production', '--only', 'cafe']);
  await place.pm2(['save', '--force']);
  await place.pm2(['delete', 'cafe']);
  await place.adapter.stopAndSave(never);
  expect(JSON.parse(savedFile(place))).toEqual([]);
});

test('an ecosystem file without the target is told, and starts nothing else', { timeout: 90_000 }, async () => {
  const file = join(place.folder, 'foreign.config.js');
  writeFileSync(file, `module.exports = { apps: [{ name: 'stranger', script: 'server.js' }] }`);
  await expect(place.adapter.replace({ ...request(), ecosystemFile: file }, never)).rejects.toThrow(/started no cafe/);
  const names = JSON.parse(await place.pm2(['jlist'])).map(({ name }: { name: string }) => name);
  expect(names).toEqual(['neighbour']);
});

test('a namespace with the target’s name does not take its neighbours along', { timeout: 90_000 }, async () => {
  const file = join(place.folder, 'namespace.config.js');
  const app = { name: 'tenant', namespace: 'cafe', script: 'server.js', cwd: join(place.folder, 'server') };
  writeFileSync(file, `module.exports = ${JSON.stringify({ apps: [app] })}`);
  await place.pm2(['start', file], { PORT: '0' });
  await place.pm2(['delete', 'cafe']);
  await place.pm2(['save', '--force']);
  await place.adapter.stopAndSave(never);
  const apps = JSON.parse(await place.pm2(['jlist'])) as { name: string; pm2_env: { status: string } }[];
  expect(apps.find(({ name }) => name === 'tenant')?.pm2_env.status).toBe('online');
});

test.each(['a Node that does nothing', 'a pm2 that does nothing'])(
  '%s is found out before anything is stopped, and by every act',
  async (which) => {
    const empty = join(place.folder, 'empty.js');
    writeFileSync(empty, '');
    const fake = place.adapterWith(which.includes('Node') ? { node: '/bin/true' } : { program: empty });
    const before = await place.adapter.list(never);
    expect(await fake.refusals(never)).toMatchObject([
      { against: 'acting', reason: expect.stringContaining('printed no list of applications for "pm2 jlist"') },
    ]);
    for (const attempt of [() => fake.stopAndSave(never), () => fake.replace(request(), never)]) {
      await expect(attempt()).rejects.toMatchObject({ reason: 'process-manager' });
    }
    expect(await place.adapter.list(never)).toEqual(before);
  },
);

test('a pm2 that only lists, and answers every act with success, is found out as well', {
  timeout: 90_000,
}, async () => {
  const liar = join(place.folder, 'liar.js');
  writeFileSync(liar, `if (process.argv[2] === 'jlist') require(${JSON.stringify(place.config.program)})`);
  const fake = place.adapterWith({ program: liar });
  expect(await fake.list(never)).toEqual(await place.adapter.list(never));
  await expect(fake.stopAndSave(never)).rejects.toThrow(/after "pm2 stop" still cafe/);
  await expect(fake.replace(request(), never)).rejects.toThrow(/after "pm2 delete" still cafe/);
  await place.adapter.stopAndSave(never);
  await place.pm2(['start', 'cafe']);
  await place.pm2(['save']);
  await place.pm2(['stop', 'cafe']);
  await expect(fake.release(never)).rejects.toThrow(/after "pm2 start" still cafe/);
  await expect(fake.stopAndSave(never)).rejects.toThrow(/did not save/);
});

test('what pm2 prints is never repeated: neither a broken list nor a failed act tells a secret', {
  timeout: 90_000,
}, async () => {
  expect(() => readAppList([{ name: 'cafe', env: SECRET }])).toThrow(/^((?!hush).)*$/s);
  const noisy = join(place.folder, 'noisy.js');
  writeFileSync(noisy, `console.log('${SECRET}'); console.error('cannot reach ${SECRET}'); process.exit(1)`);
  const failure = await place.adapterWith({ program: noisy }).stopAndSave(never).catch(String);
  expect(failure).toContain('cannot reach');
  expect(failure).not.toContain('hush');
});

test('no journalled child carries the environment, and each has an end', { timeout: 90_000 }, async () => {
  place.ledger.written.length = 0;
  await place.adapter.stopAndSave(never);
  const kinds = place.ledger.written.map(({ kind }) => kind);
  expect(kinds).toEqual([
    'child.planned',
    'child.started',
    'child.ended',
    'child.planned',
    'child.started',
    'child.ended',
  ]);
  expect(JSON.stringify(place.ledger.written)).toContain('"stop","0"');
});

test('pm2 does not see the run tag, and so gives it to nobody, but an orphan is still found by it', {
  timeout: 90_000,
}, async () => {
  const [spy, seen] = [join(place.folder, 'spy.js'), join(place.folder, 'seen')];
  writeFileSync(
    spy,
    `const fs = require('node:fs');
     const about = { own: process.env.${TAG_VARIABLE} ?? null, proc: fs.readFileSync('/proc/self/environ', 'utf8') };
     fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify(about));`,
  );
  place.ledger.written.length = 0;
  await expect(place.adapterWith({ program: spy }).stopAndSave(never)).rejects.toThrow();
  const { own, proc } = JSON.parse(readFileSync(seen, 'utf8'));
  const [planned] = place.ledger.written;
  expect(own).toBeNull();
  expect(proc).toContain(`${TAG_VARIABLE}=${planned?.kind === 'child.planned' && planned.tag}`);
});

test('a pm2 daemon that hangs costs the time-out, no more', { timeout: 90_000 }, async () => {
  const daemon = await place.daemon();
  process.kill(daemon?.pid ?? 0, 'SIGSTOP');
  try {
    await expect(place.adapterWith({ timeout: 1_000 }).list(never)).rejects.toMatchObject({ reason: 'timed-out' });
  } finally {
    process.kill(daemon?.pid ?? 0, 'SIGCONT');
  }
});
