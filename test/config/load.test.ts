import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type ConfigFault, faultText, type LoadedConfig, loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { environment, exampleFile, exampleText, exampleWith, loadText } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollbackd-references-'));
afterAll(() => rmSync(folder, { recursive: true }));

function valid(loaded: LoadedConfig): { config: Config; hash: string } {
  if (loaded.status === 'valid') return loaded;
  throw new Error(loaded.faults.map(faultText).join('\n'));
}

function faultsOf(loaded: LoadedConfig): readonly ConfigFault[] {
  if (loaded.status === 'invalid') return loaded.faults;
  throw new Error('expected faults');
}

const lineWith = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;
const told = (faults: readonly ConfigFault[]) => faults.map(({ line, path }) => `${line} ${path}`);

describe('a sound configuration', () => {
  test('is the example with the variables that it names', () => {
    const { config } = valid(loadConfig(exampleFile, environment));
    expect(config.probes.timeout).toBe(5_000);
    expect(config.migration.cutoverAt).toBe(Date.parse('2026-11-20T22:00:00Z'));
    expect(config.mongo.users?.observer.password.reveal()).toBe('o');
  });

  test('may use anchors, aliases and merged keys', () => {
    const text = exampleText
      .replace('unified: { host', 'unified: &server { host')
      .replace(/ {2}legacy: \{ host.*/, '  legacy: { <<: *server, port: 27018 }')
      .replace('database: superkafe_v2, tls: false }', 'tls: false, database: superkafe_v2 }');
    const faults = faultsOf(loadText(text));
    expect(told(faults)).toEqual([`${lineWith(text, '&server')} mongo.legacy.database`]);
    const { config } = valid(
      loadText(text.replace('legacyFile:', 'legacyFile: &old').replace('<<: *server', 'host: &h a')),
    );
    expect(config.mongo.legacy).toMatchObject({ host: 'a', port: 27_018 });
  });

  test('may have tenants without a database of their own where there is one that they share', () => {
    const shared = { 'mongo.legacyDatabases.2.tenantField': 'cafe', 'target.tenants.2': { slug: 'newcomer' } };
    expect(valid(loadText(exampleWith(shared))).config.mongo.legacyDatabases[2]).toMatchObject({ tenantField: 'cafe' });
  });

  test('may merge into a legacy main database that has the unified name, on another server', () => {
    const merged = {
      'mongo.legacy.port': 27_018,
      'mongo.legacyDatabases.2.name': 'superkafe_v2',
      'mongo.legacyTenants': null,
    };
    expect(valid(loadText(exampleWith(merged))).config.mongo.legacyDatabases[2]).toMatchObject({ policy: 'merge' });
  });

  test('may merge into a legacy main database that is the unified one, and let the application lead there', () => {
    const merged = {
      'mongo.legacyDatabases.2.name': 'superkafe_v2',
      'mongo.legacyTenants': null,
      'process.environment': { MONGODB_URI: 'mongodb://127.0.0.1/superkafe_v2' },
    };
    expect(valid(loadText(exampleWith(merged))).config.mongo.legacyDatabases[2]).toMatchObject({ policy: 'merge' });
    const elsewhere = { ...merged, 'process.environment': { MONGODB_URI: 'mongodb://127.0.0.1/SuperKafe_V2' } };
    expect(faultsOf(loadText(exampleWith(elsewhere))).map(({ path }) => path)).toEqual([
      'process.environment.MONGODB_URI',
    ]);
  });

  test('shows its secrets nowhere when it is printed', () => {
    const secrets = { NEGOES_PASSWORD: 'hush-1', OBSERVER_PASSWORD: 'hush-2', WEBHOOK_TOKEN: 'hush-3' };
    const { config } = valid(loadText(exampleText, { ...environment, ...secrets }));
    expect(`${JSON.stringify(config)}${inspect(config, { depth: 20, showHidden: true })}`).not.toContain('hush');
  });
});

describe('the hash of a configuration', () => {
  const hashOf = (text: string, variables = {}) => valid(loadText(text, { ...environment, ...variables })).hash;

  test('stays when only comments, order or the way of writing change', () => {
    expect(hashOf(`# another comment\n${exampleText}`)).toBe(hashOf(exampleText));
    expect(hashOf(exampleWith({ 'probes.timeout': '5000ms' }))).toBe(hashOf(exampleText));
  });

  test('changes with a password, a pattern and a number', () => {
    const hashes = [
      hashOf(exampleText),
      hashOf(exampleText, { RESTORER_PASSWORD: 'another' }),
      hashOf(exampleWith({ 'logs.errorPattern': 'fatal' })),
      hashOf(exampleWith({ 'guard.maxWritesLost.inserts': 101 })),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('a reference', () => {
  test('may give a number where a number is wanted', () => {
    const text = exampleWith({ 'doors.http': { port: '${METRICS_PORT}' } });
    expect(valid(loadText(text, { ...environment, METRICS_PORT: '9999' })).config.doors.http.port).toBe(9_999);
    expect(faultsOf(loadText(text, { ...environment, METRICS_PORT: 'many' }))[0]).toMatchObject({
      path: 'doors.http.port',
      message: 'must be a number, not a text',
    });
  });

  test('that stands unquoted inside braces is explained, not only refused', () => {
    const text = exampleText.replace('port: 9464', 'port: ${METRICS_PORT}');
    expect(faultsOf(loadText(text))).toMatchObject([
      {
        line: lineWith(text, 'METRICS_PORT'),
        message:
          'inside { } or [ ] a reference must stand in quotes: "${NAME}" (Unexpected flow-map-start at node end)',
      },
    ]);
  });

  test('leaves a password of digits as it is, even unquoted', () => {
    const text = exampleWith({ 'mongo.users.observer.password': '${OBSERVER_PASSWORD}', 'doors.http.port': '${P}' });
    const { config } = valid(loadText(text, { ...environment, OBSERVER_PASSWORD: '00123', P: '1' }));
    expect(config.mongo.users?.observer.password.reveal()).toBe('00123');
    expect(config.doors.http.port).toBe(1);
  });

  test('to a file gives its text without the last line break', () => {
    const file = join(folder, 'password');
    const text = exampleWith({ 'mongo.users.observer.password': `\${file:${file}}` });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (password) => {
        writeFileSync(file, `${password}\n`);
        const expected = password.replace(/\r$/, '');
        fc.pre(expected !== '');
        expect(valid(loadText(text)).config.mongo.users?.observer.password.reveal()).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('stands inside a longer text, several times, and $${ is a plain ${', () => {
    const text = exampleWith({ 'target.publicUrl': 'https://${HOST}:${PORT}/a', 'code.legacyRef': '$${HOST}' });
    const { config } = valid(loadText(text, { ...environment, HOST: 'h', PORT: '1' }));
    expect([config.target.publicUrl, config.code.legacyRef]).toEqual(['https://h:1/a', '${HOST}']);
  });
});

describe('faults', () => {
  test('are told all at once, in the order of the file, each with its line', () => {
    const text = exampleText
      .replace('mode: observe', 'mode: observ')
      .replace('healthEvery: 10s', 'healthEvery: 10')
      .replace('${DUMPER_PASSWORD}', '${NOT_THERE}')
      .replace('name: superkafe_negoes', 'name: superkafe_V2')
      .replace('concurrency: 4', 'concurency: 4')
      .replace('  settle: 5s', '  settle: 5s\n  settle: 6s')
      .replace('duration: 2h', 'duration: 1h');
    const line = (part: string) => lineWith(text, part);
    expect(told(faultsOf(loadText(text)))).toEqual([
      `${line('NOT_THERE')} mongo.users.dumper.password`,
      `${line('superkafe_V2')} mongo.legacyDatabases[0].name`,
      `${line('healthEvery: 10')} probes.healthEvery`,
      `${line('concurency')} probes.concurency`,
      `${line('mode: observ')} mode`,
      `${line('settle: 6s')} `,
      `${line('duration: 1h')} watch.duration`,
    ]);
  });

  test('between keys are told beside those of a single key in the same sections', () => {
    const text = exampleText
      .replace('healthEvery: 10s', 'healthEvery: 10')
      .replace('concurrency: 4', 'concurency: 4')
      .replace('window: 1h ', 'window: 10s ')
      .replace('keepFree: 1GiB', 'keepFree: lots')
      .replace('evidenceFolder: /var/lib/rollbackd/evidence', 'evidenceFolder: /srv/superkafe/evidence');
    const paths = faultsOf(loadText(text)).map(({ path }) => path);
    expect(paths).toEqual([
      'probes.healthEvery',
      'probes.concurency',
      'rules.cross-tenant-leak.window',
      'rollback.evidenceFolder',
      'rollback.keepFree',
    ]);
  });

  test('of a number say what it must be more than', () => {
    const faults = faultsOf(loadText(exampleText.replace('instances: 2', 'instances: 0')));
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual(['process.instances must be more than 0']);
  });

  test('say where something can be looked at only when they are mended', () => {
    const moreOf = (text: string) => {
      const loaded = loadText(text);
      return loaded.status === 'invalid' && loaded.more;
    };
    expect(moreOf(exampleText.replace('concurrency: 4', 'concurency: 4'))).toBe(false);
    expect(moreOf(exampleText.replace('isolationEvery: 30s', 'isolationEvery: 30'))).toBe(true);
    expect(moreOf(exampleText.replace('people: ', 'people: ['))).toBe(true);
  });

  test('of a text that is no YAML are told alone', () => {
    const text = exampleText.replace('people: ', 'people: [');
    const faults = faultsOf(loadText(text));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every(({ path, line }) => path === '' && line > 1)).toBe(true);
  });

  test.each([
    ['an empty file', '', 'must be a set of keys, not empty'],
    ['a list', '- a', 'must be a set of keys, not a list'],
    ['an alias of nothing', 'a: *b', 'no anchor &b stands before it'],
    ['an alias of itself', 'a: &a [*a]', 'an alias of what it stands in'],
  ])('name what is wrong with %s', (_, text, message) => {
    expect(faultsOf(loadText(text)).map((fault) => fault.message)).toContain(message);
  });

  test('stop an avalanche of aliases', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    levels[0] = 'a0: &a0 [x,x,x,x,x,x,x,x,x]';
    const faults = faultsOf(loadText(levels.join('\n')));
    expect(faults.map(({ message }) => message)).toContain(
      'more values than any configuration has: aliases of aliases?',
    );
  });

  test('name a file that is not there or cannot be read', () => {
    expect(faultsOf(loadConfig('/nonexistent.yaml', {})).map(faultText)).toEqual([
      '/nonexistent.yaml:0  the file cannot be read (ENOENT)',
    ]);
    expect(faultsOf(loadConfig(folder, {}))[0]?.message).toBe('the file cannot be read (it is no regular file)');
  });

  test('name within a second what is referred to and never ends', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('/usr/bin/mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      const asked = performance.now();
      const text = exampleWith({ 'mongo.users.observer.password': `\${file:${path}}` });
      expect(faultsOf(loadText(text)).map(({ message }) => message)).toContain(
        `the file ${path} cannot be read (it is no regular file)`,
      );
      expect(performance.now() - asked).toBeLessThan(1_000);
    }
  });

  test('never repeat the value of a secret', () => {
    const text = exampleText
      .replace('webhook: {', 'webhook: { retries: "${WEBHOOK_TOKEN}",')
      .replace('port: 9464', 'port: "${WEBHOOK_TOKEN}"');
    const faults = faultsOf(loadText(text, { ...environment, WEBHOOK_TOKEN: 'hush' }));
    expect(faults.map(({ path }) => path)).toEqual(['notify.webhook.retries', 'doors.http.port']);
    expect(JSON.stringify(faults)).not.toContain('hush');
  });
});
