import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parse, parseDocument } from 'yaml';
import { type LoadedConfig, loadConfig } from '../../src/config/load.ts';

export const exampleFile = join(import.meta.dirname, '../../config/rollbackd.example.yaml');
export const exampleText = readFileSync(exampleFile, 'utf8');

/** The variables that the example names. */
export const environment = {
  NEGOES_PASSWORD: 'n',
  OBSERVER_PASSWORD: 'o',
  DUMPER_PASSWORD: 'd',
  RESTORER_PASSWORD: 'r',
  PROMETHEUS_TOKEN: 'p',
  WEBHOOK_TOKEN: 'w',
  SLACK_BOT_TOKEN: 'xoxb-b',
  SLACK_APP_TOKEN: 'xapp-a',
};

export function loadText(text: string, variables: NodeJS.ProcessEnv = environment): LoadedConfig {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-config-'));
  try {
    const file = join(folder, 'rollbackd.yaml');
    writeFileSync(file, text);
    return loadConfig(file, variables);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The example with single values replaced: `mongo.legacyDatabases.0.name` -> value; null takes the key out. */
export function exampleWith(changes: Readonly<Record<string, unknown>>): string {
  const document: Document = parseDocument(exampleText);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    if (value === null) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** An overlay: its leading comment lines are the faults to expect, the rest is changes to the example. */
export function readOverlay(file: string): { text: string; expected: string[] } {
  const overlay = readFileSync(file, 'utf8');
  const expected = overlay.split('\n').flatMap((line) => (line.startsWith('# ') ? [line.slice(2)] : []));
  return { text: exampleWith(parse(overlay)), expected };
}
