import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n' };
const unified = { 'server.js': 'unified\n', 'sub/file.js': 'x\n' };

test('a missing tag is refused with the tags that may be meant', async () => {
  const target = makeRepository(legacy, unified);
  target.git('tag', 'v1.0');
  await expect(target.adapter({ legacyRef: 'pre-migration' }).legacyCommit(never)).rejects.toMatchObject({
    reason: 'ref-missing',
    remedy: expect.stringMatching(/pre-migration-tag$/),
  });
  await expect(target.adapter({ legacyRef: '--help' }).legacyCommit(never)).rejects.toMatchObject({
    reason: 'ref-missing',
  });
});

test('tag, branch and commit id all name the legacy commit', async () => {
  const target = makeRepository(legacy, unified);
  target.git('tag', '--annotate', '-m', 'before', 'annotated', 'pre-migration-tag');
  target.git('branch', 'old', 'pre-migration-tag');
  for (const legacyRef of ['annotated', 'old', target.legacyCommit, target.legacyCommit.slice(0, 10)]) {
    expect(await target.adapter({ legacyRef }).legacyCommit(never)).toBe(target.legacyCommit);
  }
});

test('a folder that is no checkout, or lies inside one, is refused with what to do', async () => {
  const target = makeRepository(legacy, unified);
  const plain = join(target.root, 'plain');
  mkdirSync(plain);
  await expect(target.adapter({ repository: plain }).currentCommit(never)).rejects.toMatchObject({
    reason: 'code',
    remedy: expect.stringContaining('must name a git checkout'),
  });
  await expect(
    target.adapter({ repository: join(target.repository, 'sub') }).switchToLegacy('run-1', never),
  ).rejects.toMatchObject({ reason: 'code', remedy: `set code.repository to ${target.repository}` });
});

test('a git that is missing is an error of the code, with the setting to look at', async () => {
  const code = makeRepository(legacy, unified).adapter({ program: '/nowhere/git' });
  await expect(code.currentCommit(never)).rejects.toMatchObject({
    reason: 'code',
    remedy: expect.stringContaining('code.program'),
  });
});

test('work that is called off says so', async () => {
  const code = makeRepository(legacy, unified).adapter();
  await expect(code.currentCommit(AbortSignal.abort())).rejects.toMatchObject({ reason: 'aborted' });
});

test('a checkout of another owner is worked in where rights allow it, and named where they do not', async () => {
  const target = makeRepository(legacy, unified);
  target.write('server.js', 'hotfix\n');
  chmodSync(target.root, 0o755);
  const root = process.geteuid?.() === 0;
  if (root) chownSync(target.repository, 12_345, 12_345);
  expect(await target.adapter().currentCommit(never)).toBe(target.unifiedCommit);
  if (root) process.seteuid?.(65_534);
  else chmodSync(join(target.repository, '.git/objects'), 0o555);
  try {
    expect((await target.localChanges()).tracked, 'looking needs no rights to write').toEqual(['server.js']);
    await expect(target.adapter().saveLocalChanges('run-1', never)).rejects.toMatchObject({
      reason: 'code',
      remedy: expect.stringContaining("rollbackd's user"),
    });
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test('hooks of the repository do not run', async () => {
  const target = makeRepository(legacy, unified);
  const hook = join(target.repository, '.git/hooks/post-checkout');
  mkdirSync(join(target.repository, '.git/hooks'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\nexit 1\n');
  chmodSync(hook, 0o755);
  await target.adapter().stage('run-1', never);
  await target.adapter().switchToLegacy('run-1', never);
  expect(await target.adapter().currentCommit(never)).toBe(target.legacyCommit);
});

const doesNothing = ['#!/bin/sh', 'exit 0'];
const answersOnly = (commands: string) => [
  '#!/bin/sh',
  `for a; do case $a in ${commands}) exec /usr/bin/git "$@";; esac; done`,
  'exit 0',
];

for (const [title, script] of [
  ['does nothing at all', doesNothing],
  ['answers what refs stand for and nothing else', answersOnly('rev-parse|symbolic-ref')],
  [
    'looks and saves but never moves the checkout',
    answersOnly(
      'rev-parse|read-tree|update-index|diff-*|hash-object|ls-tree|check-attr|write-tree|commit-tree|update-ref|symbolic-ref',
    ),
  ],
] as const) {
  test(`a git that exits 0 but ${title} is found out`, async () => {
    const target = makeRepository(legacy, unified);
    target.write('server.js', 'hotfix\n');
    const program = join(target.root, 'git');
    writeFileSync(program, script.join('\n'));
    chmodSync(program, 0o755);
    const fake = target.adapter({ program });
    await expect(fake.switchToLegacy('run-1', never)).rejects.toMatchObject({ reason: 'code' });
    await expect(fake.stage('run-1', never)).rejects.toMatchObject({ reason: 'code' });
    const differences = await fake.differences('run-1', [], never).catch((error: unknown) => error);
    expect(differences).toSatisfy((answer: unknown) => answer instanceof Error || String(answer) === 'server.js');
    expect(await target.adapter().differences('run-1', [], never), 'the real git agrees').toEqual(['server.js']);
  });
}
