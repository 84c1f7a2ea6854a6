import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { adapterFor, never, npmByHand, temporaryFolder } from './project.ts';

/** A staged project, a checkout of it, and where the old packages go. */
function makePlaces(packages: Record<string, object> = {}) {
  const root = temporaryFolder();
  const [staged, checkout, kept] = ['releases/run-1', 'checkout', 'releases/run-1-replaced'].map((name) =>
    join(root, name),
  ) as [string, string, string];
  for (const folder of [staged, checkout]) {
    for (const [path, manifest] of Object.entries({ '.': { name: 'root', version: '1.0.0' }, ...packages })) {
      mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, path, 'package.json'), JSON.stringify({ ...manifest }));
    }
    npmByHand(folder, 'install', '--offline', '--package-lock-only');
  }
  return { root, staged, checkout, kept };
}

const pack = (root: string, name: string, version: string): string => {
  const folder = join(root, `${name}-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }));
  npmByHand(folder, 'pack', '--pack-destination', root);
  return `file:${join(root, `${name}-${version}.tgz`)}`;
};

test('folders on one file system let a move pass, and nothing is left of the look', async () => {
  const { root, staged, checkout, kept } = makePlaces();
  expect(await adapterFor().refusals(staged, checkout, kept)).toEqual([]);
  expect(readdirSync(checkout).sort()).toEqual(['package-lock.json', 'package.json']);
  expect(readdirSync(join(root, 'releases'))).toEqual(['run-1']);
});

test('a server folder that only the legacy commit has is looked for above it', async () => {
  const { staged, checkout, kept } = makePlaces();
  expect(await adapterFor().refusals(staged, join(checkout, 'server/api'), kept)).toEqual([]);
});

test('releases on another file system are found before there is any downtime', async () => {
  const { staged, checkout } = makePlaces();
  const away = mkdtempSync(join('/dev/shm', 'rollbackd-test-'));
  onTestFinished(() => rmSync(away, { recursive: true, force: true }));
  expect(await adapterFor().refusals(staged, checkout, join(away, 'run-1-replaced'))).toEqual([
    expect.stringMatching(/EXDEV.* Next: put code\.releases and the checkout on the same file system$/),
  ]);
});

test('a workspace whose packages npm hoists is moved with the rest, one with packages of its own is refused', async () => {
  const root = temporaryFolder();
  const [one, two] = [pack(root, 'tiny', '1.0.0'), pack(root, 'tiny', '2.0.0')];
  const workspaces = {
    '.': { name: 'root', version: '1.0.0', workspaces: ['packages/*'], dependencies: { tiny: one } },
    'packages/api': { name: 'api', version: '1.0.0', dependencies: { tiny: one } },
  };
  const hoisted = makePlaces(workspaces);
  await adapterFor().install(hoisted.staged, never);
  expect(readdirSync(join(hoisted.staged, 'node_modules'))).toEqual(expect.arrayContaining(['api', 'tiny']));
  expect(await adapterFor().refusals(hoisted.staged, hoisted.checkout, hoisted.kept)).toEqual([]);

  mkdirSync(join(hoisted.checkout, 'packages/api/node_modules/tiny'), { recursive: true });
  expect(await adapterFor().refusals(hoisted.staged, hoisted.checkout, hoisted.kept)).toEqual([
    `${hoisted.checkout}/packages/api has packages of its own (tiny): only one node_modules is switched`,
  ]);

  const nested = makePlaces({
    ...workspaces,
    'packages/api': { name: 'api', version: '1.0.0', dependencies: { tiny: two } },
  });
  await adapterFor().install(nested.staged, never);
  expect(await adapterFor().refusals(nested.staged, nested.checkout, nested.kept)).toEqual([
    `${nested.staged}/packages/api has packages of its own (tiny): only one node_modules is switched`,
  ]);
});
