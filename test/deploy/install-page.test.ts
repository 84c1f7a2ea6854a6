import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { nginxAdapter } from '../../src/adapters/traffic/nginx.ts';
import { trafficSchema } from '../../src/adapters/traffic/schema.ts';
import { exampleText } from '../config/example.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const page = text('docs/install.md');
const permissions = text('docs/permissions.md');
const example = parse(exampleText);

/** What the one example of YAML with a way to nginx says. */
const trafficOf = (markdown: string) => {
  const [, yaml = ''] = markdown.match(/```yaml\n(traffic:[^`]+)```/) ?? [];
  return trafficSchema.parse({ ...example.traffic, ...parse(yaml).traffic });
};

/** What rollbackd runs to test and to reload, without what writes the include. */
const commandsOf = (markdown: string): string[] => {
  const run = () => Promise.reject(new Error('nothing is run'));
  return nginxAdapter({ config: trafficOf(markdown), run })
    .describe('serve')
    .slice(1);
};

/** What sudo lets through. */
const allowed = [...permissions.matchAll(/NOPASSWD: (.+)$/gm)].map(([, command]) => command);

test('sudo lets through exactly what rollbackd runs as the pages configure it, on the host and out of a container', () => {
  expect(allowed).toHaveLength(2);
  expect(commandsOf(permissions)).toEqual(allowed.map((command) => `/usr/bin/sudo -n ${command}`));
  const remote = commandsOf(page).map((command) => command.split('superkafe@127.0.0.1 '));
  expect(remote.map(([, command]) => command)).toEqual(commandsOf(permissions));
  for (const [ssh] of remote) expect(ssh, 'nobody is asked').toContain('-o BatchMode=yes');
});

test('every file of deploy/ that it copies or shows is there', () => {
  const named = [...page.matchAll(/\bdeploy\/[\w./-]+\.\w+/g)].map(([file]) => file);
  expect(named).toEqual(expect.arrayContaining(['deploy/tmpfiles.d/rollbackd.conf', 'deploy/compose.yaml']));
  for (const file of named) expect(text(file), file).not.toBe('');
});
