import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRegularFile, whyUnreadable } from '../../src/core/read-regular-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbackd-read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refusal(path: string): string {
  const asked = performance.now();
  try {
    readRegularFile(path);
  } catch (error) {
    expect(performance.now() - asked).toBeLessThan(1_000);
    return whyUnreadable(error);
  }
  throw new Error('it was read');
}

test('a file is read whole, and so is one of the kernel that does not know its size', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'ölig\n');
  expect(readRegularFile(file)).toBe('ölig\n');
  expect(readRegularFile('/proc/self/status')).toContain('Pid:');
});

test('what never ends, or never begins, is refused within a second', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('/usr/bin/mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero', folder]) expect(refusal(path)).toBe('it is no regular file');
});

test('a file that nobody wrote by hand is refused', () => {
  const file = join(folder, 'large');
  writeFileSync(file, '');
  truncateSync(file, 2 ** 33);
  expect(refusal(file)).toBe('it is larger than 4 MiB');
});

test('what the file system says is said', () => {
  expect(refusal(join(folder, 'nothing'))).toBe('ENOENT');
});
