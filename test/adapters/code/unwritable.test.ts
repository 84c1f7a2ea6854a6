import { chmodSync, chownSync, existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerToNobody, isRoot, makeImmutable } from '../protected-files.ts';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n', 'lib/a.js': 'a\n', 'old/deep/b.js': 'b\n', 'same/c.js': 'c\n' };
const unified = { 'server.js': 'unified\n', 'lib/a.js': 'x\n', 'gone/d.js': 'd\n', 'same/c.js': 'c\n' };

const switched = (target: ReturnType<typeof makeRepository>) =>
  target
    .adapter()
    .switchToLegacy('run-1', never)
    .then(
      () => true,
      () => false,
    );

for (const path of ['lib/a.js', 'lib', '.'])
  test.runIf(isRoot)(`what is immutable is told before a switch fails over it: ${path}`, async (context) => {
    const target = makeRepository(legacy, unified);
    makeImmutable(context, join(target.repository, path));
    const kind = path.endsWith('.js') ? 'file' : 'folder';
    expect(await target.adapter().refusals(never)).toEqual([
      `git must write a ${kind} and cannot: ${path} (EPERM): what is immutable needs \`chattr -i\``,
    ]);
    expect(await switched(target), 'the real thing agrees').toBe(false);
  });

test.runIf(isRoot)('what the switch does not touch may be immutable', async (context) => {
  const target = makeRepository(legacy, unified);
  makeImmutable(context, join(target.repository, 'same/c.js'));
  makeImmutable(context, join(target.repository, 'same'));
  expect(await target.adapter().refusals(never)).toEqual([]);
  expect(await switched(target), 'the real thing agrees').toBe(true);
});

test.runIf(isRoot)(
  'a file that git could not take away is told: the switch would end well with something else',
  async (context) => {
    const target = makeRepository(legacy, unified);
    makeImmutable(context, join(target.repository, 'gone/d.js'));
    expect(await target.adapter().refusals(never)).toEqual([
      expect.stringContaining('a file and cannot: gone/d.js (EPERM)'),
    ]);
    await switched(target);
    expect(existsSync(join(target.repository, 'gone/d.js')), 'the real thing agrees').toBe(true);
  },
);

test.runIf(isRoot)('a link to something immutable is replaced all the same', async (context) => {
  const target = makeRepository(legacy, unified);
  makeImmutable(context, join(target.repository, 'same/c.js'));
  rmSync(join(target.repository, 'lib/a.js'));
  symlinkSync('../same/c.js', join(target.repository, 'lib/a.js'));
  expect(await target.adapter().refusals(never)).toEqual([]);
  expect(await switched(target), 'the real thing agrees').toBe(true);
});

/** To a user who owns the checkout apart from some of its folders. */
function refusalsToOwner(target: ReturnType<typeof makeRepository>, notTheirs: readonly string[]): unknown {
  chmodSync(target.root, 0o755);
  for (const path of ['.', ...readdirSync(target.repository, { recursive: true, encoding: 'utf8' })]) {
    if (!notTheirs.includes(path)) chownSync(join(target.repository, path), 65_534, 65_534);
  }
  return answerToNobody(join(import.meta.dirname, 'reading-refusals.ts'), 'refusalsOf', target.config);
}

test.runIf(isRoot)(
  'folders of another user in which something changes are told, the nearest one of what is new',
  () => {
    const target = makeRepository({ ...legacy, 'lib/new/e.js': 'e' }, unified);
    expect(refusalsToOwner(target, ['lib', 'same', 'gone', 'lib/a.js'])).toEqual([
      "git must write 2 folders and cannot: lib (EACCES), gone (EACCES): let rollbackd's user write there, or run rollbackd as root",
    ]);
    rmSync(join(target.repository, 'gone'), { recursive: true });
    expect(refusalsToOwner(target, ['same', 'lib/a.js']), 'the owner of a file does not matter').toEqual([]);
  },
);

test.runIf(isRoot)('of many folders the first few are named', () => {
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}/index.js`, `${index}`]));
  const changed = Object.fromEntries(Object.keys(many).map((path) => [path, 'otherwise']));
  const found = refusalsToOwner(
    makeRepository(many, changed),
    Object.keys(many).map((path) => path.split('/')[0] ?? ''),
  );
  expect(found).toEqual([
    expect.stringMatching(
      /^git must write 10 folders and cannot: p0 \(EACCES\), p1 \(EACCES\), p2 \(EACCES\) and 7 more: let/,
    ),
  ]);
});

test('where a folder must be made in place of a file, the one above counts, and what is gone needs nothing', async () => {
  const target = makeRepository({ 'a/b/c.js': 'c' }, { a: 'a file', 'gone/d.js': 'd' });
  rmSync(join(target.repository, 'gone'), { recursive: true });
  expect(await target.adapter().refusals(never)).toEqual([]);
  expect(await switched(target)).toBe(true);
});
