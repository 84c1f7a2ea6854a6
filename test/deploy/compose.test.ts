import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleText } from '../config/example.ts';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const composeText = text('deploy/compose.yaml');

interface Mount {
  readonly outside: string;
  readonly inside: string;
  readonly readOnly: boolean;
  /** Docker makes the folder where it is missing: as root's. */
  readonly madeByDocker: boolean;
}

const short = z.string().transform((volume): Mount => {
  const [outside = '', inside = '', mode] = volume.split(':');
  return { outside, inside, readOnly: mode === 'ro', madeByDocker: true };
});

const long = z
  .strictObject({
    type: z.literal('bind'),
    source: z.string(),
    target: z.string(),
    bind: z.strictObject({ create_host_path: z.literal(false) }),
  })
  .transform(
    ({ source, target }): Mount => ({ outside: source, inside: target, readOnly: false, madeByDocker: false }),
  );

const { services } = z
  .object({
    services: z.object({
      rollbackd: z.looseObject({
        user: z.string(),
        group_add: z.array(z.string()),
        pid: z.string(),
        network_mode: z.string(),
        env_file: z.array(z.string()),
        volumes: z.array(z.union([short, long])),
      }),
    }),
  })
  .parse(parse(composeText));
const { rollbackd } = services;
const example = parse(exampleText);
const unit = text('deploy/rollbackd.service');

/** `Key=value` of the unit. */
const setting = (key: string) => unit.match(new RegExp(`^${key}=(.*)$`, 'm'))?.[1] ?? '';

/** Key -> value of everything in the example that looks like an absolute path. */
function pathsIn(value: unknown, key = ''): [string, string][] {
  if (typeof value === 'string') return value.startsWith('/') ? [[key, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, key === '' ? name : `${key}.${name}`));
}

/** Paths of HTTP. */
const isAsked = (key: string) =>
  key.startsWith('probes.') || key.startsWith('traffic.accessLog.paths.') || key === 'rollback.responseTimePath';

/** What is in the image, as Debian has it. */
const isInImage = (path: string) => path.startsWith('/usr/bin/');

const isMounted = (path: string) => {
  // A symbolic link on Debian, inside as outside.
  const real = path.replace(/^\/var\/lock\//, '/run/lock/');
  return rollbackd.volumes.some(({ inside }) => real === inside || real.startsWith(`${inside}/`));
};

/** Docker compose does not run everywhere: this is what can be seen without it. */
test('every path of the example lies at the same place inside and outside, but for those that the file names', () => {
  for (const { outside, inside } of rollbackd.volumes) expect(inside).toBe(outside);
  const missing = pathsIn(example).filter(([key, path]) => !(isAsked(key) || isInImage(path) || isMounted(path)));
  const elsewhere = ['dependencies.program', 'process.program', 'process.node'];
  expect(missing.map(([key]) => key)).toEqual(elsewhere);
  for (const key of elsewhere) expect(composeText, key).toMatch(new RegExp(`^#.* ${key}\\b`, 'm'));
});

test('its process is in every group that the unit gives it', () => {
  const [socketGroup, logGroup, ...others] = setting('SupplementaryGroups').split(' ');
  expect([socketGroup, logGroup, others]).toEqual([example.doors.socket.group, 'adm', []]);
  const [socketId, logId] = rollbackd.group_add;
  expect(socketId).toContain(`the number of the group ${socketGroup}`);
  // Debian gives this number to adm, for good.
  expect(logId).toBe('4');
  for (const id of rollbackd.group_add)
    expect(id, 'a name would be looked up in the image').toMatch(/^(\d+|\$\{.+\})$/);
});

test('what must not be changed is mounted read-only, what a rollback replaces is not', () => {
  const readOnly = rollbackd.volumes.filter((mount) => mount.readOnly).map(({ outside }) => outside);
  expect(readOnly).toEqual(expect.arrayContaining(['/etc/rollbackd', '/backup', '/var/log/nginx']));
  expect(readOnly).not.toContain('/srv');
});

test('what others enter is made by tmpfiles.d with the right owner, and never by Docker', () => {
  const shared = rollbackd.volumes.filter(({ madeByDocker }) => !madeByDocker).map(({ outside }) => outside);
  expect(shared.toSorted()).toEqual(['/run/lock/rollbackd', '/run/rollbackd', '/var/lib/rollbackd-traffic']);
  const made = text('deploy/tmpfiles.d/rollbackd.conf')
    .split('\n')
    .filter((line) => line.startsWith('d '));
  const owner = `${setting('User')} ${setting('Group')}`;
  expect(made.toSorted()).toEqual(shared.toSorted().map((folder) => `d ${folder} 0755 ${owner}`));
});

test('sees the processes and the ports of the host, and keeps the journal of the image outside', () => {
  expect([rollbackd.pid, rollbackd.network_mode]).toEqual(['host', 'host']);
  expect(rollbackd.security_opt).toEqual(['apparmor:unconfined']);
  const [, volume] = text('Dockerfile').match(/^VOLUME (\S+)$/m) ?? [];
  expect(rollbackd.volumes.map(({ inside }) => inside)).toContain(volume);
});

test('gets everything that the configuration names as ${NAME}, out of the file of the unit', () => {
  expect(rollbackd.env_file).toEqual([setting('EnvironmentFile').replace(/^-/, '')]);
  expect(rollbackd).not.toHaveProperty('environment');
});
