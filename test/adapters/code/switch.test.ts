import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n', 'lib/db.js': 'legacy db\n', 'only-legacy.js': 'old\n', 'same.js': 'same\n' };
const unified = { 'server.js': 'unified\n', 'lib/tenant.js': 'new\n', 'same.js': 'same\n', '.gitignore': '.env\n' };

interface Dirt {
  readonly title: string;
  readonly make: (target: ReturnType<typeof makeRepository>) => void;
  /** Text that must be found in the saved commit, by path. */
  readonly saved: Readonly<Record<string, string>>;
}

const dirt: readonly Dirt[] = [
  {
    title: 'a tracked file changed by hand',
    make: ({ write }) => write('server.js', 'hotfix\n'),
    saved: { 'server.js': 'hotfix' },
  },
  {
    title: 'a file changed that is the same in both commits',
    make: ({ write }) => write('same.js', 'hotfix\n'),
    saved: { 'same.js': 'hotfix' },
  },
  {
    title: 'a tracked file removed',
    make: ({ repository }) => rmSync(join(repository, 'lib/tenant.js')),
    saved: {},
  },
  {
    title: 'an untracked file where the legacy commit has one',
    make: ({ write }) => write('only-legacy.js', 'mine\n'),
    saved: { 'only-legacy.js': 'mine' },
  },
  {
    title: 'an ignored file where the legacy commit has one',
    make: ({ write }) => {
      write('.gitignore', 'only-legacy.js\n');
      write('only-legacy.js', 'ignored but mine\n');
    },
    saved: { 'only-legacy.js': 'ignored but mine', '.gitignore': 'only-legacy.js' },
  },
  {
    title: 'a folder where the legacy commit has a file',
    make: ({ write }) => write('only-legacy.js/notes.txt', 'notes\n'),
    saved: { 'only-legacy.js/notes.txt': 'notes' },
  },
  {
    title: 'a tracked file replaced by a folder',
    make: ({ write, repository }) => {
      rmSync(join(repository, 'server.js'));
      write('server.js/notes.txt', 'notes\n');
    },
    saved: { 'server.js/notes.txt': 'notes' },
  },
  {
    title: 'a tracked folder replaced by a link to another place',
    make: ({ repository }) => {
      rmSync(join(repository, 'lib'), { recursive: true });
      symlinkSync('/somewhere/else', join(repository, 'lib'));
    },
    saved: { lib: '/somewhere/else' },
  },
  {
    title: 'a new file that is only staged',
    make: ({ write, git }) => {
      write('new.js', 'new\n');
      git('add', 'new.js');
    },
    saved: { 'new.js': 'new' },
  },
  {
    title: 'a new file that is announced with intent to add',
    make: ({ write, git }) => {
      write('new.js', 'new\n');
      git('add', '--intent-to-add', 'new.js');
    },
    saved: { 'new.js': 'new' },
  },
  {
    title: 'a change hidden from git status by assume-unchanged',
    make: ({ write, git }) => {
      git('update-index', '--assume-unchanged', 'same.js');
      write('same.js', 'hidden\n');
    },
    saved: { 'same.js': 'hidden' },
  },
  {
    title: 'a change hidden from git status by skip-worktree',
    make: ({ write, git }) => {
      git('update-index', '--skip-worktree', 'same.js', 'server.js');
      write('same.js', 'hidden\n');
      write('server.js', 'hidden too\n');
    },
    saved: { 'same.js': 'hidden', 'server.js': 'hidden too' },
  },
  {
    title: 'a sparse checkout',
    make: ({ write, git }) => {
      git('sparse-checkout', 'set', '--no-cone', '/server.js');
      write('server.js', 'mine\n');
    },
    saved: { 'server.js': 'mine' },
  },
  {
    title: 'a merge left in the middle',
    make: ({ write, git }) => {
      git('checkout', '--quiet', '-b', 'topic');
      write('server.js', 'topic\n');
      git('commit', '--quiet', '-am', 'topic');
      git('checkout', '--quiet', 'main');
      write('server.js', 'main\n');
      git('commit', '--quiet', '-am', 'main');
      expect(() => git('merge', 'topic')).toThrow();
    },
    saved: { 'server.js': '<<<<<<< HEAD' },
  },
  {
    title: 'names with spaces, quotes, line breaks and pathspec magic',
    make: ({ write, git }) => {
      write(':(top)a "b"\n*.js', 'odd\n');
      git('add', '--all');
      write('only-legacy.js', 'mine\n');
    },
    saved: { ':(top)a "b"\n*.js': 'odd', 'only-legacy.js': 'mine' },
  },
];

for (const { title, make, saved } of dirt) {
  test(`the switch survives and saves: ${title}`, async () => {
    const target = makeRepository(legacy, unified);
    make(target);
    const code = target.adapter();
    const changes = await target.localChanges();
    expect([...changes.tracked, ...changes.inTheWay]).toEqual(expect.arrayContaining(Object.keys(saved)));

    const main = target.git('rev-parse', 'main');
    const before = target.git('status', '--porcelain');
    expect(await code.saved('run-1', never)).toBeUndefined();
    await code.saveLocalChanges('run-1', never);
    const { ref } = (await code.saved('run-1', never)) ?? {};
    expect(ref).toBe('refs/rollbackd/run-1');
    expect(target.git('status', '--porcelain'), 'saving touches nothing').toBe(before);
    for (const [path, text] of Object.entries(saved)) expect(target.git('show', `${ref}:${path}`)).toContain(text);

    await code.switchToLegacy('run-1', never);
    expect(await code.currentCommit(never)).toBe(target.legacyCommit);
    expect(await code.differences('run-1', [], never)).toEqual([]);
    for (const [path, text] of Object.entries(legacy)) {
      expect(readFileSync(join(target.repository, path), 'utf8')).toBe(text);
    }
    expect(existsSync(join(target.repository, 'lib/tenant.js'))).toBe(false);
    expect(target.git('branch', '--show-current')).toBe('rollback-run-1');
    expect(target.git('rev-parse', 'main'), "the person's branch stays").toBe(main);
  });
}
