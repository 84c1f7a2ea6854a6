import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitAdapter } from '../../../src/adapters/code/git.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';
import { makeRepository, never } from './repository.ts';

const legacy = {
  'server.js': 'legacy\n',
  'only-legacy.js': 'old\n',
  'same.js': 'same\n',
  'lib/same.txt': 'one\ntwo\n',
};
const unified = { 'server.js': 'unified\n', 'same.js': 'same\n', 'lib/same.txt': 'one\ntwo\n' };

type Target = ReturnType<typeof makeRepository>;

/** The adapter, with what it asks of git; `before` may fail in the place of a command. */
function watched({ config }: Target, before: (command: readonly string[]) => void = () => {}) {
  const commands: string[] = [];
  const run = createReadOnlyCommand();
  const code = gitAdapter({
    config,
    run: async (command, signal) => {
      const asked = command.arguments.slice(command.arguments.indexOf('-C') + 2);
      before(asked);
      commands.push(asked.join(' '));
      return await run(command, signal);
    },
  });
  return { code, commands };
}

const saved = (target: Target, path: string): string => target.git('show', `refs/rollbackd/run-1:${path}`);

/** Every version of a file that the run has saved. */
function versions(target: Target, path: string): string[] {
  const commits = target.git('rev-list', 'refs/rollbackd/run-1', '--not', 'main').split('\n');
  return commits.map((commit) => target.git('show', `${commit}:${path}`));
}

async function expectSwitched(target: Target): Promise<void> {
  const code = target.adapter();
  expect(await code.currentCommit(never)).toBe(target.legacyCommit);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  expect(await code.differences('another-run', [], never), 'read from nothing').toEqual([]);
  for (const [path, text] of Object.entries(legacy)) {
    expect(readFileSync(join(target.repository, path), 'utf8')).toBe(text);
  }
}

test('after a preparation the switch saves nothing again, and makes no index from nothing', async () => {
  const target = makeRepository(legacy, unified);
  target.write('same.js', 'hotfix\n');
  await target.adapter().saveLocalChanges('run-1', never);
  const ref = target.git('rev-parse', 'refs/rollbackd/run-1');
  expect(await target.adapter().saved('run-1', never)).toEqual({ ref: 'refs/rollbackd/run-1', files: 1 });
  const { code, commands } = watched(target);
  await code.switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(target.git('rev-parse', 'refs/rollbackd/run-1')).toBe(ref);
  expect(commands.filter((command) => /^(add|commit-tree|read-tree|update-index) /.test(command))).toEqual([]);
});

test('where there is nothing to save, that is said, and the switch is prepared all the same', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  expect(await target.adapter().saved('run-1', never)).toEqual({ ref: undefined, files: 0 });
  expect(target.git('for-each-ref', 'refs/rollbackd')).toBe('');
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
});

test('what is saved counts only while the repository has it', async () => {
  const target = makeRepository(legacy, unified);
  target.write('same.js', 'hotfix\n');
  await target.adapter().saveLocalChanges('run-1', never);
  target.git('update-ref', '-d', 'refs/rollbackd/run-1');
  expect(await target.adapter().saved('run-1', never)).toBeUndefined();
  await target.adapter().switchToLegacy('run-1', never);
  expect(saved(target, 'same.js')).toBe('hotfix');
});

test('a file that is changed after the preparation is saved before it is overwritten, on top of what was saved first', async () => {
  const target = makeRepository(legacy, unified);
  target.write('same.js', 'first\n');
  await target.adapter().saveLocalChanges('run-1', never);
  target.write('same.js', 'then this\n');
  target.write('server.js', 'changed later\n');
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(saved(target, 'server.js')).toBe('changed later');
  expect(versions(target, 'same.js')).toEqual(['then this', 'first']);
});

test('a change of the same size in the same second as the preparation is found', async () => {
  const target = makeRepository(legacy, unified);
  const file = join(target.repository, 'same.js');
  target.write('same.js', 'aaaa\n');
  const { atime, mtime } = statSync(file);
  await target.adapter().saveLocalChanges('run-1', never);
  target.write('same.js', 'bbbb\n');
  utimesSync(file, atime, mtime);
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(versions(target, 'same.js')).toEqual(['bbbb', 'aaaa']);
});

test('a change of the same size and the same time after the switch is found', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  await target.adapter().switchToLegacy('run-1', never);
  const file = join(target.repository, 'server.js');
  const { atime, mtime } = statSync(file);
  target.write('server.js', 'LEGACY\n');
  utimesSync(file, atime, mtime);
  expect(await target.adapter().differences('run-1', [], never)).toEqual(['server.js']);
});

for (const mark of ['--assume-unchanged', '--skip-worktree']) {
  test(`a change that ${mark} hides from git status after the preparation is saved and overwritten`, async () => {
    const target = makeRepository(legacy, unified);
    await target.adapter().saveLocalChanges('run-1', never);
    target.git('update-index', mark, 'same.js', 'server.js');
    target.write('same.js', 'hidden\n');
    target.write('server.js', 'hidden too\n');
    await target.adapter().switchToLegacy('run-1', never);
    await expectSwitched(target);
    expect([saved(target, 'same.js'), saved(target, 'server.js')]).toEqual(['hidden', 'hidden too']);
    target.git('update-index', mark, 'same.js');
    target.write('same.js', 'hidden again\n');
    expect(await target.adapter().differences('run-1', [], never)).toEqual(['same.js']);
  });
}

test('an untracked file that comes after the preparation, where the legacy commit has one, is saved', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  target.write('only-legacy.js', 'mine\n');
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(saved(target, 'only-legacy.js')).toBe('mine');
});

test('what is staged after the preparation, and is on the disk no more, is saved', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  target.write('same.js', 'staged only\n');
  target.git('add', 'same.js');
  target.write('same.js', 'same\n');
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(target.git('show', 'refs/rollbackd/run-1^2:same.js')).toBe('staged only');
});

test('a commit that is made after the preparation stays, and what is changed beside it is saved', async () => {
  const target = makeRepository(legacy, unified);
  target.write('same.js', 'first\n');
  await target.adapter().saveLocalChanges('run-1', never);
  target.git('checkout', '--quiet', '--detach');
  target.git('commit', '--quiet', '-am', 'a deployment meanwhile');
  const deployed = target.git('rev-parse', 'HEAD');
  target.write('server.js', 'changed later\n');
  await target.adapter().switchToLegacy('run-1', never);
  await expectSwitched(target);
  expect(saved(target, 'server.js')).toBe('changed later');
  expect(target.git('rev-parse', 'refs/rollbackd/run-1-head')).toBe(deployed);
});

for (const [title, at] of [
  ['before anything is saved anew', 'commit-tree'],
  ['between saving and switching', 'checkout'],
] as const) {
  test(`killed ${title}, the switch is resumed and nothing is lost`, async () => {
    const target = makeRepository(legacy, unified);
    target.write('same.js', 'first\n');
    await target.adapter().saveLocalChanges('run-1', never);
    target.write('same.js', 'then this\n');
    target.write('only-legacy.js', 'mine\n');
    const killed = watched(target, ([command]) => {
      if (command === at) throw new Error('killed');
    });
    await expect(killed.code.switchToLegacy('run-1', never)).rejects.toThrow('killed');
    expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
    expect(readFileSync(join(target.repository, 'same.js'), 'utf8')).toBe('then this\n');
    target.write('server.js', 'changed while it was down\n');

    await target.adapter().switchToLegacy('run-1', never);
    await expectSwitched(target);
    expect([saved(target, 'only-legacy.js'), saved(target, 'server.js')]).toEqual([
      'mine',
      'changed while it was down',
    ]);
    expect(versions(target, 'same.js')).toEqual(expect.arrayContaining(['then this', 'first']));
  });
}

test('a file whose line endings the legacy commit wants otherwise is read again, though nobody has touched it', async () => {
  const attributes = (rule: string) => ({ 'lib/.gitattributes': `*.txt ${rule}\n` });
  const target = makeRepository({ ...legacy, ...attributes('-text') }, { ...unified, ...attributes('text eol=crlf') });
  rmSync(join(target.repository, 'lib/same.txt'));
  target.git('checkout', '--', 'lib/same.txt');
  expect(readFileSync(join(target.repository, 'lib/same.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
  await target.adapter().saveLocalChanges('run-1', never);
  await target.adapter().switchToLegacy('run-1', never);
  expect(await target.adapter().differences('run-1', [], never)).toEqual(['lib/same.txt']);
});

test('what was seen under other settings of the repository counts no more', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  target.git('config', 'core.autocrlf', 'input');
  const { code, commands } = watched(target);
  expect(await code.saved('run-1', never)).toBeUndefined();
  await code.switchToLegacy('run-1', never);
  expect(commands).toContain(`read-tree ${target.unifiedCommit}`);
  await expectSwitched(target);
});

test('a checkout that writes something else than the commit holds is found out', async () => {
  const target = makeRepository({ ...legacy, '.gitattributes': 'server.js filter=swap\n' }, unified);
  target.git('config', 'filter.swap.smudge', 'tr a-z A-Z');
  target.git('config', 'filter.swap.clean', 'cat');
  await target.adapter().saveLocalChanges('run-1', never);
  await target.adapter().switchToLegacy('run-1', never);
  expect(await target.adapter().differences('run-1', [], never)).toEqual(['server.js']);
});

test('what was noted for the switch goes with the staged folder', async () => {
  const target = makeRepository(legacy, unified);
  const code = target.adapter();
  await code.stage('run-1', never);
  await code.saveLocalChanges('run-1', never);
  await code.unstage('run-1', never);
  expect(await code.saved('run-1', never)).toBeUndefined();
});
