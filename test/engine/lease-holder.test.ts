import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { leaseHolder } from '../../src/engine/lease-holder.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollbackd-identity-'));
afterAll(() => rmSync(folder, { recursive: true }));

const machine = (id: string): string => {
  const file = join(folder, `machine-${id}`);
  writeFileSync(file, `${id}\n`);
  return file;
};
const here = join(folder, 'state');

it('is the same after a restart', () => {
  expect(leaseHolder(here, machine('a'))).toBe(leaseHolder(here, machine('a')));
  expect(leaseHolder(here)).toBe(leaseHolder(here));
});

it('is another one for each state folder, even of the same host', () => {
  expect(leaseHolder(join(folder, 'other'), machine('a'))).not.toBe(leaseHolder(here, machine('a')));
});

it('is another one on a clone with the same state folder, where its machine id is its own', () => {
  const first = leaseHolder(here, machine('a'));
  const clone = join(folder, 'clone');
  cpSync(here, clone, { recursive: true });
  expect(leaseHolder(clone, machine('b'))).not.toBe(first);
});

it('needs no machine id', () => {
  expect(leaseHolder(here, join(folder, 'nothing'))).toContain('no-machine-id');
});
