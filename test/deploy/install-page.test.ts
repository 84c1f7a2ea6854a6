import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleText } from '../config/example.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const page = text('docs/install.md');
const example = parse(exampleText);

test('the switch of nginx looks at the file that the example names, and at its trial', () => {
  const looked = [...text('deploy/nginx/rollbackd-maintenance.conf').matchAll(/if \(-f (\S+)\)/g)];
  const { maintenanceFile } = example.traffic;
  expect(looked.map(([, file]) => file)).toEqual([maintenanceFile, `${maintenanceFile}.trial`]);
});

test('every file of deploy/ that it copies or shows is there', () => {
  const named = [...page.matchAll(/\bdeploy\/[\w./-]+\.\w+/g)].map(([file]) => file);
  expect(named).toEqual(expect.arrayContaining(['deploy/tmpfiles.d/rollbackd.conf', 'deploy/compose.yaml']));
  for (const file of named) expect(text(file), file).not.toBe('');
});
