import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dotenvAdapter } from '../../../src/adapters/env/dotenv.ts';
import { answerToNobody, isRoot, makeImmutable, makeMount } from '../protected-files.ts';

function makePlace() {
  const root = mkdtempSync(join(tmpdir(), 'rollbackd-test-env-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, 0o755);
  // A name that the kernel's list of mounts has to escape.
  const folder = join(root, 'my café');
  mkdirSync(folder);
  const [file, legacyFile] = [join(folder, '.env'), join(root, '.env.legacy')];
  for (const each of [file, legacyFile]) writeFileSync(each, each);
  const env = (at = file) =>
    dotenvAdapter({ config: { adapter: 'dotenv', file: at, legacyFile, uriVariables: ['MONGODB_URI'] } });
  const replaced = () =>
    env()
      .switchToLegacy(join(root, 'evidence'))
      .then(
        () => true,
        () => false,
      );
  return { root, folder, file, legacyFile, env, replaced };
}

test('a plain file, a link to one, and one that is not there yet can be replaced, and looking changes nothing', async () => {
  const { root, folder, file, env } = makePlace();
  const link = join(root, 'current.env');
  symlinkSync(file, link);
  const before = statSync(file, { bigint: true });
  for (const each of [file, link, join(folder, 'later.env')])
    expect(await env(each).replacementObstacles()).toEqual([]);
  expect(statSync(file, { bigint: true })).toEqual({
    ...before,
    atimeMs: expect.anything(),
    atimeNs: expect.anything(),
  });
  expect(readdirSync(folder)).toEqual(['.env']);
});

for (const attribute of ['i', 'a'] as const) {
  test.runIf(isRoot)(
    `a file with the attribute ${attribute} is told before a replacement fails over it`,
    async (context) => {
      const { file, folder, env, replaced } = makePlace();
      makeImmutable(context, file, attribute);
      expect(await env().replacementObstacles()).toEqual([
        {
          what: `${file} cannot be replaced: it may not leave its place (EPERM)`,
          mend: `take its protection away (lsattr shows it): chattr -i ${file}, or -a`,
        },
      ]);
      expect(readdirSync(folder)).toEqual(['.env']);
      expect(await replaced(), 'the real thing agrees').toBe(false);
    },
  );
}

test.runIf(isRoot)('a file that is a mount of its own is told before a replacement fails over it', async (context) => {
  const { file, folder, env, replaced } = makePlace();
  makeMount(context, file);
  expect(await env().replacementObstacles()).toEqual([
    {
      what: `${file} cannot be replaced: it is a mount of its own, as containers have single files`,
      mend: `mount its folder instead of the file, so that ${folder} holds it`,
    },
  ]);
  expect(await replaced(), 'the real thing agrees').toBe(false);
});

const replaceable = join(import.meta.dirname, '../../../src/adapters/env/replaceable.ts');

test.runIf(isRoot)('another owner, and a sticky folder, are told to whom they are in the way', () => {
  const { file, folder, legacyFile } = makePlace();
  chmodSync(folder, 0o777);
  const owned = {
    what: `${file} cannot be replaced by a file of the same owner, 0:0 (EPERM)`,
    mend: expect.stringContaining('as the owner of the file or as root'),
  };
  const asNobody = () => answerToNobody(replaceable, 'replacementObstacles', file, legacyFile);
  expect(asNobody()).toEqual([owned]);
  chmodSync(folder, 0o1777);
  expect(asNobody()).toEqual([
    owned,
    {
      what: `${file} cannot be replaced: it may not leave its place (EPERM)`,
      mend: `${folder} is sticky: let rollbackd's user own the file or the folder, or chmod -t ${folder}`,
    },
  ]);
  chownSync(file, 65_534, 65_534);
  expect(asNobody()).toEqual([]);
});
