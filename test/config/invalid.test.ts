import { globSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environment, loadText, readOverlay } from './example.ts';

const folder = join(import.meta.dirname, 'invalid');
const overlays = readdirSync(folder).map((name) => basename(name, '.yaml'));
const rules = globSync('*.ts', { cwd: join(import.meta.dirname, '../../src/config/rules') })
  .map((name) => basename(name, '.ts'))
  .filter((name) => name !== 'all');

describe('an invalid configuration', () => {
  test.each(overlays)('%s is refused with exactly the faults that its file announces', (name) => {
    const { text, expected } = readOverlay(join(folder, `${name}.yaml`));
    const loaded = loadText(text, { ...environment, EMPTY: '' });
    const faults = loaded.status === 'invalid' ? loaded.faults : [];
    const told = faults.map(({ path, message }) => `${path}  ${message}`);
    const announced = expected.map((start) => told.find((fault) => fault.startsWith(start)) ?? `missing: ${start}`);
    expect(announced.toSorted()).toEqual(told.toSorted());
    expect(faults.every(({ line }) => line > 0)).toBe(true);
  });

  test('exists for every rule', () => {
    const covered = new Set(overlays.map((name) => name.split('.')[0]));
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((name) => !covered.has(name))).toEqual([]);
  });
});
