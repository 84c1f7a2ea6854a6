import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import { environment, exampleFile, exampleText, exampleWith } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollbackd-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(arguments_: string[], variables: NodeJS.ProcessEnv = environment) {
  const written: string[] = [];
  const codes: number[] = [];
  const surroundings = {
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

  test('says aloud where no route is left that a leak could be decided on', async () => {
    const file = join(folder, 'leaky.yaml');
    writeFileSync(file, exampleText.replace(/leakedBefore: false .*/, 'leakedBefore: true'));
    expect(exampleText).toMatch(/leakedBefore: false .*/);
    const { output } = await check(['--config', file]);
    expect(output).toContain('WARNING  probes.unified: no trusted route that is not leakedBefore');
    expect(output).not.toContain('WARNING  probes.legacy');
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

  test('takes the file that ROLLBACKD_CONFIG names, or the one in /etc', async () => {
    const named = await check([], { ...environment, ROLLBACKD_CONFIG: exampleFile });
    expect(named.codes).toEqual([0]);
    expect(checkCommand({ environment: {}, write: () => {}, setExitCode: () => {} }).opts()).toMatchObject({
      config: '/etc/rollbackd/rollbackd.yaml',
    });
  });

  test('with --backup refuses a configuration whose backup is not there', async () => {
    const file = join(folder, 'no-backup.yaml');
    writeFileSync(file, exampleText.replaceAll('/backup/pre-migration-20261120', join(folder, 'nothing')));
    const { output, codes } = await check(['--config', file, '--backup']);
    expect(codes).toEqual([1]);
    expect(output).toContain('backup.path  ');
  });

  test.each([
    ['users', 0, 'backup      superkafe_main: 1 documents in 1 collections'],
    ['usres', 1, 'the backup of superkafe_main lacks usres, to be merged; it holds orders, users'],
  ])(
    'with --backup knows whether the backup holds the collection %s that is to be merged',
    async (name, code, said) => {
      const backup = join(folder, 'backup');
      for (const database of ['superkafe_negoes', 'superkafe_tenant2', 'superkafe_main']) {
        await writeCollection(join(backup, database), 'users', [{ _id: 1 }]);
        await writeCollection(join(backup, database), 'orders', [{ _id: 1 }, { _id: 2 }]);
      }
      const file = join(folder, `merge-${name}.yaml`);
      const text = exampleText.replaceAll('/backup/pre-migration-20261120', backup);
      writeFileSync(file, text.replace('collections: [users, settings]', `collections: [${name}]`));
      const { output, codes } = await check(['--config', file, '--backup']);
      expect(output).toContain(said);
      expect(codes).toEqual([code]);
    },
  );
});
