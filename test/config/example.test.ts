import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, configShape, keysAt } from '../../src/config/json-schema.ts';
import { exampleText } from './example.ts';
import { keysOf } from './schema-keys.ts';

function keysWritten(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysWritten(item, `${path}[]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const name = path === '' ? key : `${path}.${key}`;
    return [name, ...keysWritten(member, name)];
  });
}

/** Both sets of probes have the same keys: each key is shown once, on the side where it is of use. */
const oneProbeSet = (key: string) => key.replace(/^probes\.(unified|legacy)\./, 'probes.*.');
const oneServer = (key: string) => key.replace(/^mongo\.(unified|legacy)\./, 'mongo.*.');

describe('the example', () => {
  test('shows every key that there is', () => {
    const written = new Set(keysWritten(parse(exampleText)).map(oneProbeSet).map(oneServer));
    const known = keysOf(configShape())
      .map(({ path }) => path)
      .map(oneProbeSet)
      .map(oneServer);
    const inWords =
      /^(mongo\.\*\.replicaSet|mongo\.legacyDatabases\[\]\.tenantField|notify\.slack\.apiUrl|doors\.slack\.request.*)$/;
    expect(known.length).toBeGreaterThan(150);
    expect(known.filter((key) => !written.has(key) && !inWords.test(key))).toEqual([]);
  });
});

describe('the generated files', () => {
  test('are up to date', () => {
    const generate = join(import.meta.dirname, '../../scripts/generate.ts');
    expect(() => execFileSync(process.execPath, [generate, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the schema for editors', () => {
  test('accepts a reference wherever a number, a choice or a unit is wanted', () => {
    const { properties } = configJsonSchema() as { properties: Record<string, unknown> };
    expect(properties.mode).toEqual({
      anyOf: [
        { type: 'string', enum: ['observe', 'approve'] },
        { type: 'string', pattern: '\\$\\{' },
      ],
      default: 'observe',
      description: expect.stringContaining('rollbackd arm'),
    });
  });

  test('says of every key what it means', () => {
    const silent = keysOf(configJsonSchema()).filter(({ shape }) => !shape.description?.endsWith('.'));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('knows the keys of every place', () => {
    expect(keysAt(['doors', 'http'])).toEqual(['host', 'port']);
    expect(keysAt(['people', 0])).toEqual(['name', 'roles', 'uid', 'slack']);
    expect(keysAt(['nowhere'])).toEqual([]);
  });
});
