import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n', 'logo.bin': 'legacy\n', 'notes.txt': 'legacy\n', 'tool.sh': 'legacy\n' };
const unified = { 'server.js': 'unified\n' };
const binary = Buffer.from([0x0d, 0x0a, 0xff, 0x41, 0x0d, 0x0a, 0x42, 0x0a]);
const mixed = Buffer.from('one\r\ntwo\nthree\r\n');

type Target = ReturnType<typeof makeRepository>;

function setAttributes({ repository }: Target, text: string): void {
  mkdirSync(join(repository, '.git/info'), { recursive: true });
  writeFileSync(join(repository, '.git/info/attributes'), text);
}

function savedBytes({ repository }: Target, path: string): Buffer {
  return execFileSync('git', ['-C', repository, 'cat-file', 'blob', `refs/rollbackd/run-1:${path}`]);
}

const normalizing: readonly (readonly [string, (target: Target) => void])[] = [
  ['`* text` among the attributes', (target) => setAttributes(target, '* text\n')],
  ['core.autocrlf', ({ git }) => git('config', 'core.autocrlf', 'input')],
  [
    '`* text=auto` and core.safecrlf',
    (target) => {
      setAttributes(target, '* text=auto\n');
      target.git('config', 'core.safecrlf', 'true');
    },
  ],
];

for (const [title, set] of normalizing) {
  test(`${title} changes no byte of what is saved, and the switch saves nothing again`, async () => {
    const target = makeRepository(legacy, unified);
    set(target);
    for (const [path, bytes] of Object.entries({ 'logo.bin': binary, 'notes.txt': mixed, 'server.js': mixed })) {
      writeFileSync(join(target.repository, path), bytes);
    }
    writeFileSync(join(target.repository, 'tool.sh'), mixed);
    chmodSync(join(target.repository, 'tool.sh'), 0o755);
    await target.adapter().saveLocalChanges('run-1', never);
    const ref = target.git('rev-parse', 'refs/rollbackd/run-1');
    await target.adapter().switchToLegacy('run-1', never);
    expect(target.git('rev-parse', 'refs/rollbackd/run-1')).toBe(ref);
    expect(await target.adapter().differences('run-1', [], never)).toEqual([]);
    const saved = { 'logo.bin': binary, 'notes.txt': mixed, 'tool.sh': mixed, 'server.js': mixed };
    for (const [path, bytes] of Object.entries(saved)) {
      expect(savedBytes(target, path).equals(bytes), path).toBe(true);
      target.git('checkout', ref, '--', path);
      expect(readFileSync(join(target.repository, path)).equals(bytes), `${path} checked out`).toBe(true);
    }
    expect(target.git('ls-tree', ref, 'tool.sh')).toMatch(/^100755 /);
  });
}

for (const path of ['notes.txt', 'server.js']) {
  test(`${path}, saved and then rewritten with other line endings alone, is saved again`, async () => {
    const target = makeRepository(legacy, unified);
    setAttributes(target, '* text\n');
    target.write(path, 'mine\nall of it\n');
    await target.adapter().saveLocalChanges('run-1', never);
    target.write(path, 'mine\r\nall of it\r\n');
    await target.adapter().switchToLegacy('run-1', never);
    expect(savedBytes(target, path).toString()).toBe('mine\r\nall of it\r\n');
    expect(target.git('rev-list', 'refs/rollbackd/run-1', '--not', 'main').split('\n')).toHaveLength(2);
  });
}

test('what is saved stays as it lay there while other files are saved after it, and under attributes that come later', async () => {
  const target = makeRepository({ ...legacy, 'docs/a.txt': 'legacy\n' }, { ...unified, 'docs/b.txt': 'unified\n' });
  for (const path of ['notes.txt', 'docs/a.txt', 'docs/b.txt']) writeFileSync(join(target.repository, path), mixed);
  await target.adapter().saveLocalChanges('run-1', never);
  target.write('docs/.gitattributes', '* text\n');
  target.git('add', 'docs/.gitattributes');
  target.write('server.js', 'changed later\n');
  await target.adapter().saveLocalChanges('run-1', never);
  await target.adapter().switchToLegacy('run-1', never);
  expect(savedBytes(target, 'server.js').toString()).toBe('changed later\n');
  for (const path of ['notes.txt', 'docs/a.txt', 'docs/b.txt']) {
    expect(savedBytes(target, path).equals(mixed), path).toBe(true);
  }
});

test('a filter turns a tracked file back at a checkout, and is not asked for an untracked one', async () => {
  const target = makeRepository(legacy, { ...unified, 'data.txt': 'unified\n' });
  target.git('config', 'filter.swap.clean', 'tr a-z A-Z');
  target.git('config', 'filter.swap.smudge', 'tr A-Z a-z');
  setAttributes(target, '*.txt filter=swap\n');
  target.write('data.txt', 'mine\n');
  target.write('notes.txt', 'Also Mine\n');
  await target.adapter().saveLocalChanges('run-1', never);
  expect(savedBytes(target, 'data.txt').toString()).toBe('MINE\n');
  expect(savedBytes(target, 'notes.txt').toString()).toBe('Also Mine\n');
  await target.adapter().switchToLegacy('run-1', never);
  target.git('checkout', 'refs/rollbackd/run-1', '--', 'data.txt');
  expect(readFileSync(join(target.repository, 'data.txt'), 'utf8')).toBe('mine\n');
});

test('a link in the way is saved as a link', async () => {
  const target = makeRepository(legacy, unified);
  setAttributes(target, '* text\n');
  symlinkSync('server.js', join(target.repository, 'notes.txt'));
  await target.adapter().switchToLegacy('run-1', never);
  expect(savedBytes(target, 'notes.txt').toString()).toBe('server.js');
  expect(target.git('ls-tree', 'refs/rollbackd/run-1', 'notes.txt')).toMatch(/^120000 /);
});
