import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleText } from '../config/example.ts';

const root = join(import.meta.dirname, '../..');
const { services } = z
  .object({
    services: z.object({
      rollbackd: z.looseObject({
        user: z.string(),
        pid: z.string(),
        network_mode: z.string(),
        environment: z.record(z.string(), z.string()),
        volumes: z.array(z.string()),
      }),
    }),
  })
  .parse(parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8')));
const { rollbackd } = services;
const example = parse(exampleText);
const mounts = rollbackd.volumes.map((volume) => volume.split(':'));

/** Docker compose does not run everywhere: this is what can be seen without it. */
test('everything that the example names lies under the same path inside and outside', () => {
  for (const [outside, inside] of mounts) expect(inside).toBe(outside);
  const needed = [
    example.code.repository,
    example.code.releases,
    example.env.file,
    example.backup.path,
    example.process.home,
    dirname(example.traffic.maintenanceFile),
    example.rollback.evidenceFolder,
    example.state.folder,
    example.doors.socket.path,
  ];
  const isMounted = (path: string) =>
    mounts.some(([, inside = '']) => path === inside || path.startsWith(`${inside}/`));
  expect(needed.filter((path) => !isMounted(path))).toEqual([]);
});

test('what must not be changed is mounted read-only, what a rollback replaces is not', () => {
  const readOnly = mounts.filter(([, , mode]) => mode === 'ro').map(([outside]) => outside);
  expect(readOnly).toEqual(expect.arrayContaining(['/etc/rollbackd', '/backup']));
  expect(readOnly).not.toContain('/srv');
});

test('sees the processes and the ports of the host, and keeps the journal of the image outside', () => {
  expect([rollbackd.pid, rollbackd.network_mode]).toEqual(['host', 'host']);
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const [, volume] = dockerfile.match(/^VOLUME (\S+)$/m) ?? [];
  expect(mounts.map(([, inside]) => inside)).toContain(volume);
});

test('passes on every password of the MongoDB users that the example asks for', () => {
  const { observer, dumper, restorer } = example.mongo.users;
  const names = [observer, dumper, restorer].map(({ password }) => /\{(\w+)\}/.exec(password)?.[1]);
  expect(Object.keys(rollbackd.environment)).toEqual(names);
});
