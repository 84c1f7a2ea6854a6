import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { idIndex, writeCollection } from '../backup/dump-writer.ts';
import { environment, exampleFile, exampleText, exampleWith } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollbackd-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As if every file had been written then. */
function writtenAt(backup: string, moment: string): void {
  for (const each of readdirSync(backup, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(backup, each), new Date(moment), new Date(moment));
}

/** Between the example's cut-over and the end of its guard. */
const guarded = Date.parse('2026-11-25T00:00:00Z');

async function check(arguments_: string[], variables: NodeJS.ProcessEnv = environment, now = guarded) {
  const written: string[] = [];
  const codes: number[] = [];
  const surroundings = {
    now: () => now,
    environment: variables,
    write: (text: string) => written.push(text),
    setExitCode: (code: number) => codes.push(code),
  };
  await checkCommand(surroundings).parseAsync(arguments_, { from: 'user' });
  return { output: written.join(''), codes };
}

describe('rollbackd check', () => {
  test('summarises a sound configuration, says aloud what is switched off, and ends with 0', async () => {
    const { output, codes } = await check(['--config', exampleFile]);
    expect(codes).toEqual([0]);
    expect(output).toContain('mode        observe; containment ask');
    expect(output).toContain('superkafe_main: merge of users, settings, a main database');
    expect(output).toContain('newcomer (no legacy database)');
    expect(output).toContain('WARNING  guard.drill is off');
    expect(output).toContain('WARNING  guard.maxWritesLost.deletes is unlimited');
  });

  test('says how people are told and where they answer, and for which breaches nobody in Slack could', async () => {
    const sound = await check(['--config', exampleFile]);
    expect(sound.output).toContain('tells       log, webhook, Slack (C0INCIDENTS)');
    expect(sound.output).toContain('answers by the command line and in Slack');
    expect(sound.output).not.toContain('cannot be approved in Slack');
    const file = join(folder, 'half-in-slack.yaml');
    writeFileSync(file, exampleText.replace(' slack: U0EDSGER,', '').replace(' slack: U0ADA,', ''));
    const { output, codes } = await check(['--config', file]);
    expect(codes).toEqual([0]);
    expect(output).toContain('WARNING  doors.slack: a moderate breach cannot be approved in Slack');
    // Whoever is in the group of senior engineers could.
    expect(output).not.toContain('a critical breach cannot');
  });

  test.each([
    ['nothing where enough people can answer by every door', {}, []],
    [
      'that a severe and a moderate breach could be approved by nobody',
      { people: [{ name: 'Ada', uid: 1, roles: ['on-call-lead'] }], 'doors.slack': null },
      [
        'people: a severe breach can be approved by nobody: it takes engineering-manager or technical-lead, with a uid',
        'people: a moderate breach can be approved by nobody: it takes engineering-manager and product-owner, 2 different people, with a uid',
      ],
    ],
    [
      'that two people are needed where one holds both roles',
      {
        people: [
          { name: 'Ada', uid: 1, slack: 'U1', roles: ['senior-engineer'] },
          { name: 'Grace', uid: 2, slack: 'U2', roles: ['engineering-manager', 'product-owner'] },
        ],
      },
      [
        'people: a moderate breach can be approved by nobody: it takes engineering-manager and product-owner, 2 different people, with a uid or a slack id',
      ],
    ],
    [
      'which roles come from user groups alone, so that nobody has them at the command line',
      {
        people: [
          { name: 'Ada', uid: 1, slack: 'U1', roles: ['on-call-lead'] },
          { name: 'Grace', uid: 2, slack: 'U2', roles: ['product-owner'] },
        ],
        'doors.slack.groups': [{ id: 'S1', role: 'engineering-manager' }],
      },
      [
        'people: a severe breach cannot be approved by the command line alone: it takes engineering-manager or technical-lead, with a uid',
        'people: a moderate breach cannot be approved by the command line alone: it takes engineering-manager and product-owner, 2 different people, with a uid',
        'doors.slack.groups: whoever is engineering-manager by a user group alone cannot answer by the command line, and nobody of people is one with a uid',
      ],
    ],
    [
      'that nobody is named when a deadline passes',
      { 'notify.escalation': [] },
      ['notify.escalation is empty: nobody is named when the hour of a severe breach passes without an answer'],
    ],
  ])('says aloud %s', async (_what, changes, expected) => {
    const file = join(folder, 'deciders.yaml');
    const escalation = 'people' in changes ? { 'notify.escalation': ['Ada'] } : {};
    writeFileSync(file, exampleWith({ ...escalation, ...changes }));
    const { output, codes } = await check(['--config', file]);
    expect(codes, output).toEqual([0]);
    const said = output.split('\n').filter((line) => /^WARNING {2}(people|doors|notify)/.test(line));
    expect(said.map((line) => line.slice('WARNING  '.length))).toEqual(expected);
  });

  test('says aloud that the cut-over is still to come, and that the daemon’s time to act alone is over', async () => {
    const at = async (moment: string) =>
      (await check(['--config', exampleFile], environment, Date.parse(moment))).output;
    expect(await at('2026-11-20T21:59:59Z')).toContain('WARNING  migration.cutoverAt lies in the future');
    expect(await at('2026-11-20T22:00:00Z')).not.toContain('lies in the future');
    expect(await at('2026-12-04T21:59:59Z')).not.toContain('has passed');
    expect(await at('2026-12-04T22:00:00Z')).toContain('WARNING  guard.until has passed (2026-12-04T22:00:00.000Z)');
  });

  test('says aloud that a legacy database has the name of the unified one', async () => {
    const file = join(folder, 'namesake.yaml');
    const merged = {
      'mongo.legacy.port': 27_018,
      'mongo.legacyDatabases.2.name': 'superkafe_v2',
      'mongo.legacyTenants': null,
    };
    writeFileSync(file, exampleWith(merged));
    const { output, codes } = await check(['--config', file]);
    expect(codes).toEqual([0]);
    expect(output).toContain('WARNING  superkafe_v2 is a legacy database too, on another server');
  });

  test('says aloud that the legacy main database is the unified one, and what of it may be written', async () => {
    const file = join(folder, 'namesake-here.yaml');
    writeFileSync(file, exampleWith({ 'mongo.legacyDatabases.2.name': 'superkafe_v2', 'mongo.legacyTenants': null }));
    const { output, codes } = await check(['--config', file]);
    expect(codes).toEqual([0]);
    expect(output).toContain('superkafe_v2: unified, never restored into but for users, settings');
    expect(output).toContain('WARNING  superkafe_v2 is the legacy main database, too');
  });

  test('says aloud where no route is left that a leak could be decided on', async () => {
    const file = join(folder, 'leaky.yaml');
    writeFileSync(file, exampleText.replace(/leakedBefore: false .*/, 'leakedBefore: true'));
    expect(exampleText).toMatch(/leakedBefore: false .*/);
    const { output } = await check(['--config', file]);
    expect(output).toContain('WARNING  probes.unified: no trusted route that is not leakedBefore');
    expect(output).not.toContain('WARNING  probes.legacy');
  });

  test('says aloud where nothing tells how fast the legacy system was, or its file is none', async () => {
    const file = join(folder, 'latency.yaml');
    const latency = join(folder, 'latency.json');
    const unknown = 'WARNING  baseline.latency: nothing tells how fast the legacy system was';
    writeFileSync(file, exampleWith({ 'baseline.latency': { fromAccessLog: false } }));
    expect((await check(['--config', file])).output).toContain(unknown);
    writeFileSync(file, exampleWith({ 'baseline.latency': { file: latency } }));
    const missing = await check(['--config', file]);
    expect(missing.output).toContain(`WARNING  baseline.latency.file: ${latency} is no latency baseline`);
    expect(missing.output).not.toContain(unknown);
    const measured = { capturedAt: '2026-01-01T00:00:00.000Z', routes: { 'GET /': { p95: 1, requests: 50 } } };
    writeFileSync(latency, JSON.stringify(measured));
    expect((await check(['--config', file])).output).not.toContain('baseline.latency');
    writeFileSync(latency, JSON.stringify({ ...measured, capturedAt: '2036-01-01T00:00:00.000Z' }));
    expect((await check(['--config', file])).output).toContain('after the cut-over: it is no measure');
  });

  test('says aloud what a log in the combined format does not tell', async () => {
    const file = join(folder, 'combined.yaml');
    writeFileSync(file, exampleWith({ 'traffic.accessLog.format': 'combined' }));
    const { output } = await check(['--config', file]);
    expect(output).toContain('WARNING  traffic.accessLog.format is combined: it names no tenants');
  });

  test('says aloud where real requests are not measured, or none at all', async () => {
    const file = join(folder, 'unmeasured.yaml');
    const ownAlone =
      "WARNING  traffic.accessLog is not written: error rate and latency are measured by rollbackd's own";
    expect((await check(['--config', exampleFile])).output).not.toContain('traffic.accessLog');
    writeFileSync(file, exampleWith({ 'traffic.accessLog': null }));
    const { output } = await check(['--config', file]);
    expect(output).toContain(ownAlone);
    expect(output).not.toContain('without a login');
    writeFileSync(file, exampleWith({ 'traffic.accessLog': null, 'probes.unified.routes': [] }));
    expect((await check(['--config', file])).output).toContain('no route that can be asked without a login');
  });

  test('prints every fault as file:line, path and message, and ends with 1', async () => {
    const file = join(folder, 'faulty.yaml');
    writeFileSync(file, exampleText.replace('mode: observe', 'mode: armed').replace('timeout: 60s', 'timeout: 60'));
    const { output, codes } = await check(['--config', file]);
    expect(codes).toEqual([1]);
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/faulty\.yaml:\d+ {2}process\.timeout {2}60 is not a duration/),
      expect.stringMatching(/faulty\.yaml:\d+ {2}mode {2}must be one of observe, approve$/),
      '2 faults',
      '',
    ]);
  });

  test('says where some checks wait until the faults are mended', async () => {
    const file = join(folder, 'waiting.yaml');
    writeFileSync(file, exampleText.replace('isolationEvery: 30s', 'isolationEvery: 30'));
    const { output } = await check(['--config', file]);
    expect(output).toMatch(/\n1 fault; some checks wait until these are mended\n$/);
  });

  test('takes the file that ROLLBACKD_CONFIG names, or the one in /etc', async () => {
    const named = await check([], { ...environment, ROLLBACKD_CONFIG: exampleFile });
    expect(named.codes).toEqual([0]);
    expect(checkCommand({ environment: {}, write: () => {}, setExitCode: () => {} }).opts()).toMatchObject({
      config: '/etc/rollbackd/rollbackd.yaml',
    });
  });

  test('with --backup says when the dump looks younger than the cut-over, and how a copy keeps its file times', async () => {
    const backup = join(folder, 'backup');
    for (const database of ['superkafe_negoes', 'superkafe_tenant2', 'superkafe_main']) {
      for (const collection of ['users', 'settings'])
        await writeCollection(join(backup, database), collection, [{ _id: 1 }]);
    }
    const file = join(folder, 'young-backup.yaml');
    writeFileSync(file, exampleText.replaceAll('/backup/pre-migration-20261120', backup));
    const dated = async (moment: string) => {
      writtenAt(backup, moment);
      return await check(['--config', file, '--backup']);
    };
    const young = await dated('2026-11-20T22:00:00Z');
    expect(young.codes).toEqual([1]);
    expect(young.output).toMatch(/backup\.path {2}its newest file is of 2026-11-20T22:00:00.000Z.*cp -p/);
    const old = await dated('2026-11-20T21:59:59Z');
    expect(old.codes, old.output).toEqual([0]);
  });

  test('with --backup refuses a configuration whose backup is not there', async () => {
    const file = join(folder, 'no-backup.yaml');
    writeFileSync(file, exampleText.replaceAll('/backup/pre-migration-20261120', join(folder, 'nothing')));
    const { output, codes } = await check(['--config', file, '--backup']);
    expect(codes).toEqual([1]);
    expect(output).toMatch(
      /no-backup\.yaml:\d+ {2}backup\.path {2}there is no backup at .*nothing\. Next: set backup\.path/,
    );
  });

  test('with --backup names the indexes that MongoDB would refuse to build, and what is passed over', async () => {
    const backup = join(folder, 'refused-index');
    const expiring = { key: { at: 1, by: 1 }, name: 'old', expireAfterSeconds: 5 };
    for (const database of ['superkafe_negoes', 'superkafe_tenant2', 'superkafe_main']) {
      for (const collection of ['users', 'settings'])
        await writeCollection(join(backup, database), collection, [{ _id: 1 }], {
          indexes: database === 'superkafe_negoes' ? [idIndex, expiring] : [idIndex],
        });
    }
    writeFileSync(join(backup, 'superkafe_main', '.DS_Store'), '');
    writtenAt(backup, '2026-11-20T21:59:59Z');
    const file = join(folder, 'refused-index.yaml');
    writeFileSync(file, exampleText.replaceAll('/backup/pre-migration-20261120', backup));
    const { output, codes } = await check(['--config', file, '--backup']);
    expect(codes).toEqual([1]);
    expect(output).toMatch(
      /superkafe_negoes: MongoDB refuses the index old of users: only an index of one field may expire documents\. Next:/,
    );
    expect(output).toContain('backup      superkafe_main: passed over .DS_Store: no collections');
    expect(output).toContain('the backup is not usable');
  });

  test('with --backup names unique indexes of requiredIndexes that the documents of the backup do not allow', async () => {
    const backup = join(folder, 'doubles');
    for (const database of ['superkafe_negoes', 'superkafe_tenant2', 'superkafe_main']) {
      for (const collection of ['users', 'settings', 'orders']) {
        const orders = [7, 8, 7].map((createdAt, _id) => ({ _id, createdAt, note: 'of a customer' }));
        await writeCollection(join(backup, database), collection, orders);
      }
    }
    writtenAt(backup, '2026-11-20T21:59:59Z');
    const text = exampleText.replaceAll('/backup/pre-migration-20261120', backup);
    const checked = async (name: string, changed: string) => {
      const file = join(folder, name);
      writeFileSync(file, changed);
      return await check(['--config', file, '--backup']);
    };
    const { output, codes } = await checked(
      'doubles.yaml',
      text.replace('key: { createdAt: -1 }, unique: false', 'key: { createdAt: -1 }, unique: true'),
    );
    expect(codes).toEqual([1]);
    expect(output).toContain(
      'superkafe_negoes: the backup does not allow the unique index createdAt_-1 of orders: ' +
        'the document 0 and the document 2 have the same createdAt. Next: correct requiredIndexes: take it out there, or change its `unique`',
    );
    expect(output).not.toContain('of a customer');
    expect((await checked('no-doubles.yaml', text)).codes).toEqual([0]);
  });

  test.each([
    ['users', 0, 'backup      superkafe_main: 1 documents in 1 collections'],
    ['usres', 1, 'the backup of superkafe_main lacks usres, to be merged; it holds orders, users'],
  ])(
    'with --backup knows whether the backup holds the collection %s that is to be merged',
    async (name, code, said) => {
      const backup = join(folder, `backup-${name}`);
      for (const database of ['superkafe_negoes', 'superkafe_tenant2', 'superkafe_main']) {
        await writeCollection(join(backup, database), 'users', [{ _id: 1 }]);
        await writeCollection(join(backup, database), 'orders', [{ _id: 1 }, { _id: 2 }]);
      }
      writtenAt(backup, '2026-11-20T21:59:59Z');
      const file = join(folder, `merge-${name}.yaml`);
      const text = exampleText.replaceAll('/backup/pre-migration-20261120', backup);
      writeFileSync(file, text.replace('collections: [users, settings]', `collections: [${name}]`));
      const { output, codes } = await check(['--config', file, '--backup']);
      expect(output).toContain(said);
      expect(codes).toEqual([code]);
    },
  );
});
