import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n' };
const unified = { 'server.js': 'unified\n' };

test('nothing stands in the way of a plain checkout, and looking changes nothing', async () => {
  const target = makeRepository(legacy, unified);
  target.write('.env', 'A=1\n');
  const before = target.git('status', '--porcelain');
  expect(await target.adapter({ keep: ['.env'] }).refusals(never)).toEqual([]);
  expect(target.git('status', '--porcelain')).toBe(before);
});

/** Swaps capitals, as git-lfs swaps pointers for contents; git finds it only where it is configured. */
const swapping = 'tr a-zA-Z A-Za-z';
const filtered = { '.gitattributes': '*.bin filter=swap\n', 'logo.bin': 'POINTER\n' };

test('a filter that the legacy commit needs and the repository does not know is refused, with what to do', async () => {
  const target = makeRepository({ ...legacy, ...filtered }, unified);
  writeFileSync(join(target.root, '.gitconfig'), `[filter "swap"]\n\tsmudge = ${swapping}\n\tclean = ${swapping}\n`);
  expect(await target.adapter().refusals(never), 'a home of their own does not help git without one').toEqual([
    `logo.bin needs the filter "swap", which ${target.repository} is not configured with: set filter.swap.clean and filter.swap.smudge with \`git -C ${target.repository} config\``,
  ]);
});

test('a filter that the repository knows is used by staging and switching', async () => {
  const target = makeRepository({ ...legacy, ...filtered }, unified);
  target.git('config', 'filter.swap.smudge', swapping);
  target.git('config', 'filter.swap.clean', swapping);
  target.git('config', 'filter.swap.required', 'true');
  const code = target.adapter();
  expect(await code.refusals(never)).toEqual([]);
  const staged = await code.stage('run-1', never);
  expect(readFileSync(join(staged, 'logo.bin'), 'utf8')).toBe('pointer\n');
  await code.switchToLegacy('run-1', never);
  expect(readFileSync(join(target.repository, 'logo.bin'), 'utf8')).toBe('pointer\n');
  expect(await code.differences('run-1', [], never)).toEqual([]);
});

test('attributes of the repository itself count, git-lfs gets its own advice, and an unset filter needs none', async () => {
  const target = makeRepository({ ...legacy, 'logo.png': 'x\n', '.gitattributes': '*.js -filter\n' }, unified);
  mkdirSync(join(target.repository, '.git/info'), { recursive: true });
  writeFileSync(join(target.repository, '.git/info/attributes'), '*.png filter=lfs\n');
  expect(await target.adapter().refusals(never)).toEqual([
    expect.stringMatching(/^logo\.png needs the filter "lfs", .*: run `git lfs install --local` there$/),
  ]);
});

test.each([
  ['core.autocrlf', 'true', 1],
  ['core.eol', 'crlf', 1],
  ['core.autocrlf', 'input', 0],
  ['core.autocrlf', 'false', 0],
])('line endings that only a person has configured are refused: %s = %s', async (setting, value, refused) => {
  const target = makeRepository(legacy, unified);
  execFileSync('git', ['config', '--file', join(target.root, '.gitconfig'), setting, value]);
  const refusals = await target.adapter().refusals(never);
  expect(refusals).toHaveLength(refused);
  if (refused) expect(refusals[0]).toContain(`\`git -C ${target.repository} config ${setting} ${value}\``);
  target.git('config', setting, value);
  expect(await target.adapter().refusals(never)).toEqual([]);
});

/** A repository of their own, with two commits, whose later one is checked out in `folder`. */
function addSubmodule(target: ReturnType<typeof makeRepository>, folder: string) {
  const git = (...command: string[]) =>
    target.git('-C', join(target.repository, folder), '-c', 'init.defaultBranch=main', ...command);
  mkdirSync(join(target.repository, folder));
  git('init', '--quiet');
  const commits = ['one', 'two'].map((message) => {
    git('commit', '--quiet', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  }) as [string, string];
  return { git, commits };
}

test('a submodule whose commit has changed since is refused, and one that has not is none of our business', async () => {
  const target = makeRepository(legacy, unified);
  const { git, commits } = addSubmodule(target, 'theme');
  const [first, second] = commits;
  const pinned = (commit: string, message: string) => {
    git('checkout', '--quiet', commit);
    target.git('add', 'theme');
    target.git('commit', '--quiet', '-m', message);
  };
  pinned(first, 'legacy with a theme');
  target.git('tag', 'with-theme');
  pinned(second, 'unified with a newer theme');
  const code = target.adapter({ legacyRef: 'with-theme' });
  expect(await code.refusals(never)).toEqual([
    `the submodule theme is at ${second.slice(0, 10)}, and the legacy commit needs it at ${first.slice(0, 10)}: rollbackd does not switch submodules`,
  ]);
  git('checkout', '--quiet', first);
  expect(await code.refusals(never)).toEqual([]);
  await code.switchToLegacy('run-1', never);
  expect(await code.differences('run-1', [], never)).toEqual([]);
});

test('a submodule that the migration has removed is refused, and one that was never checked out is not', async () => {
  const target = makeRepository(legacy, unified);
  const { commits } = addSubmodule(target, 'theme');
  target.git('add', 'theme');
  target.git('commit', '--quiet', '-m', 'with a theme');
  target.git('tag', 'with-theme');
  rmSync(join(target.repository, 'theme'), { recursive: true });
  mkdirSync(join(target.repository, 'theme'));
  const code = target.adapter({ legacyRef: 'with-theme' });
  expect(await code.refusals(never)).toEqual([]);
  target.git('rm', '--quiet', '--cached', 'theme');
  target.git('commit', '--quiet', '-m', 'without');
  expect(await code.refusals(never)).toEqual([
    expect.stringContaining(`theme is not checked out, and the legacy commit needs it at ${commits[1].slice(0, 10)}`),
  ]);
});

test('what is to be kept is looked for before anything moves', async () => {
  const target = makeRepository({ ...legacy, 'conf/app.js': 'x\n', data: 'a file\n' }, unified);
  target.write('conf', 'a file where the legacy commit has a folder\n');
  target.write('data/rows.csv', 'a folder where it has a file\n');
  await using server = createServer().listen(join(target.repository, 'pipe'));
  await once(server, 'listening');
  const code = target.adapter({ keep: ['ecosystem.config.js', 'pipe', 'conf', 'data'] });
  expect(await code.refusals(never)).toEqual([
    'ecosystem.config.js of code.keep is not there',
    'pipe of code.keep is no file',
    expect.stringMatching(/^conf of code\.keep cannot be put back/),
    expect.stringMatching(/^data\/rows\.csv of code\.keep cannot be put back/),
  ]);
  await expect(code.switchToLegacy('run-1', never)).rejects.toMatchObject({
    message: expect.stringContaining('ecosystem.config.js of code.keep is not there'),
  });
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
});

test('a folder and a link to keep survive the switch: what git would write or remove in it, and what it does not know', async () => {
  const target = makeRepository(
    { ...legacy, 'uploads/logo.png': 'legacy\n', 'uploads/welcome.txt': 'legacy only\n', link: 'file\n' },
    { ...unified, 'uploads/logo.png': 'unified\n', 'uploads/deep/new.png': 'unified\n' },
  );
  target.write('uploads/logo.png', 'of the customer\n');
  target.write('uploads/photos/1.jpg', 'untracked\n');
  symlinkSync('/srv/elsewhere', join(target.repository, 'link'));
  chmodSync(join(target.repository, 'uploads/deep'), 0o750);
  const code = target.adapter({ keep: ['./uploads/', 'link'] });
  expect(await code.refusals(never)).toEqual([]);
  await code.switchToLegacy('run-1', never);
  const text = (path: string) => readFileSync(join(target.repository, path), 'utf8');
  expect(text('uploads/logo.png')).toBe('of the customer\n');
  expect(text('uploads/deep/new.png')).toBe('unified\n');
  expect(text('uploads/photos/1.jpg')).toBe('untracked\n');
  expect(text('uploads/welcome.txt')).toBe('legacy only\n');
  expect(readlinkSync(join(target.repository, 'link'))).toBe('/srv/elsewhere');
  expect(statSync(join(target.repository, 'uploads/deep')).mode & 0o777).toBe(0o750);
  expect(await code.notPutBack('run-1', never)).toEqual([]);
  expect(existsSync(join(target.repository, '.git/rollbackd/run-1/keep'))).toBe(false);
  await code.switchToLegacy('run-1', never);
  expect(text('uploads/logo.png')).toBe('of the customer\n');
});

test('a file is the legacy commit’s after the switch, or kept, or gone', async () => {
  const target = makeRepository({ ...legacy, 'conf/pm2.json': '{}\n' }, unified);
  const after = (path: string, keep: string[] = []) => target.adapter({ keep }).afterSwitch(path, never);
  expect(await after('conf/pm2.json')).toEqual({ is: 'legacy', text: '{}' });
  expect(await after('server.js')).toEqual({ is: 'legacy', text: 'legacy' });
  expect([await after('conf'), await after('ecosystem.config.js')]).toEqual([{ is: 'gone' }, { is: 'gone' }]);
  target.write('ecosystem.config.js', 'module.exports = {}');
  expect(await after('ecosystem.config.js', ['./ecosystem.config.js'])).toEqual({ is: 'kept' });
  expect(await after('conf/pm2.json', ['conf']), 'not there to be kept').toEqual({ is: 'legacy', text: '{}' });
  target.write('conf/pm2.json', '{ "apps": [] }');
  expect(await after('conf/pm2.json', ['conf'])).toEqual({ is: 'kept' });
});

test('of a link, and of a file that is too long, the text is not known', async () => {
  const target = makeRepository({ ...legacy, 'long.json': '\n'.repeat(3_000) }, unified);
  target.git('checkout', '--quiet', '-B', 'linked');
  symlinkSync('server.js', join(target.repository, 'link.config.js'));
  target.git('add', '--all');
  target.git('commit', '--quiet', '-m', 'link');
  const there = (path: string, legacyRef: string) => target.adapter({ legacyRef }).afterSwitch(path, never);
  expect(await there('link.config.js', 'linked')).toEqual({ is: 'legacy', text: undefined });
  expect(await there('long.json', 'pre-migration-tag')).toEqual({ is: 'legacy', text: undefined });
});
