import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleText } from '../config/example.ts';
import { needs, said } from './optional-tool.ts';

const unit = readFileSync(join(import.meta.dirname, '../../deploy/rollbackd.service'), 'utf8');
const example = parse(exampleText);

/** `Key=value` -> value, the last one where there are several. */
const setting = (key: string) => unit.match(new RegExp(`^${key}=(.*)$`, 'm'))?.[1] ?? '';

test('systemd has nothing to say about the unit', (context) => {
  needs(context, 'systemd-analyze', 'systemd');
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-unit-'));
  try {
    const file = join(folder, 'rollbackd.service');
    // It looks for the program, which is not installed here.
    writeFileSync(file, unit.replace('/opt/rollbackd/node/bin/node', process.execPath));
    const verify = ['verify', '--man=no', '--recursive-errors=no', file];
    expect(said('systemd-analyze', verify)).toEqual({ code: 0, text: '' });
    writeFileSync(file, `${unit}\nKillMod=mixed\n`);
    expect(said('systemd-analyze', verify).text, 'a slip is seen').toContain('Unknown key');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('starts what the package holds, and tells systemd as the daemon does', () => {
  const [node, program, ...args] = setting('ExecStart').split(' ');
  expect(node).toBe('/opt/rollbackd/node/bin/node');
  expect(program).toBe('/opt/rollbackd/node_modules/rollbackd/bin/rollbackd.js');
  expect(args).toEqual(['run', '--config', '/etc/rollbackd/rollbackd.yaml']);
  expect(['Type', 'NotifyAccess', 'KillMode'].map(setting)).toEqual(['notify', 'all', 'mixed']);
});

test('lets rollbackd write what the example tells it to write', () => {
  const runtime = `/run/${setting('RuntimeDirectory')}/`;
  const state = `/var/lib/${setting('StateDirectory')}/`;
  const { doors, rollback } = example;
  for (const path of [doors.socket.path, doors.socket.nonceFolder]) expect(path.startsWith(runtime), path).toBe(true);
  for (const path of [example.state.folder, rollback.evidenceFolder]) expect(path.startsWith(state), path).toBe(true);
  // Made by tmpfiles.d, in a place that ProtectSystem leaves open.
  expect(dirname(example.traffic.maintenanceFile)).toBe('/var/lib/rollbackd-traffic');
  expect(setting('ProtectSystem')).toBe('full');
  expect(setting('SupplementaryGroups').split(' ')).toContain(doors.socket.group);
});

test('runs as the owner of the pm2 of the example, and sees all processes', () => {
  expect(example.process.home).toBe(`/home/${setting('User')}/.pm2`);
  for (const key of ['ProtectProc', 'ProcSubset', 'PrivateUsers', 'ProtectHome', 'PrivatePIDs', 'UMask']) {
    expect(setting(key), key).toBe('');
  }
});

test('nothing of it, or of what it starts, gets any power of root', () => {
  expect([setting('NoNewPrivileges'), setting('CapabilityBoundingSet')]).toEqual(['yes', '']);
  expect(unit).toMatch(/^CapabilityBoundingSet=$/m);
});
