import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, configShape } from '../src/config/json-schema.ts';
import { observationSchema } from '../src/model/observation.ts';
import { decisionRecordSchema } from '../src/report/decision-record.ts';
import { configurePage } from './configure-page.ts';
import { layerRules } from './layer-rules.ts';

/** Files that are made from the source: written, or with `--check` compared. */
const root = join(import.meta.dirname, '..');
const generated: Readonly<Record<string, () => string>> = {
  'biome.layers.json': () => json(layerRules()),
  'config/rollbackd.schema.json': () => json(configJsonSchema()),
  'config/observation.schema.json': () => json(observationSchema()),
  'config/decision-record.schema.json': () => json(decisionRecordSchema()),
  'docs/configure.md': () =>
    configurePage(readFileSync(join(import.meta.dirname, 'configure-introduction.md'), 'utf8'), configShape()),
};

const check = process.argv.includes('--check');
const stale = Object.entries(generated).filter(([name, make]) => !settle(join(root, name), make()));
for (const [name] of stale) process.stderr.write(`${name} is not up to date: npm run generate\n`);
if (stale.length > 0) process.exitCode = 1;

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** True where the file is as it should be afterwards. */
function settle(file: string, text: string): boolean {
  if (check) return read(file) === text;
  writeFileSync(file, text);
  return true;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
