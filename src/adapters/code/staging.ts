import { mkdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import { headCommit } from './commits.ts';
import { compareTree } from './compare-tree.ts';
import type { Git } from './git-command.ts';
import { withScratch } from './scratch.ts';

/** A linked work tree of the commit. One that a crash left half made is made anew; a whole one, with its installed packages, is used again. */
export async function stageCommit(git: Git, folder: string, commit: string, signal: AbortSignal): Promise<void> {
  if ((await stagedCommit(git, folder, signal)) === commit) return;
  await removeStaged(git, folder, signal);
  await mkdir(resolve(folder, '..'), { recursive: true });
  await git.run(['worktree', 'add', '--quiet', '--force', '--force', '--detach', folder, commit], signal);
  if ((await stagedCommit(git, folder, signal)) === commit) return;
  throw new RollbackdError('code', `git worktree add ended well but ${folder} is not a copy of ${commit}`, {
    remedy: 'check that code.program is a working git and that the disk is not full',
  });
}

/** Only this one: `git worktree prune` would also forget work trees of other people whose disk is away for the moment. */
export async function removeStaged(git: Git, folder: string, signal: AbortSignal): Promise<void> {
  const place = join(await realFolder(dirname(folder)), basename(folder));
  await rm(folder, { recursive: true, force: true });
  if (!(await workTrees(git, signal)).includes(place)) return;
  await git.run(['worktree', 'remove', '--force', '--force', place], signal);
}

/** Names of the work trees that are registered under `releases`. */
export async function stagedIn(git: Git, releases: string, signal: AbortSignal): Promise<string[]> {
  const place = await realFolder(releases);
  return (await workTrees(git, signal)).filter((path) => dirname(path) === place).map((path) => basename(path));
}

/** As git has them: with every link on the way followed. */
async function workTrees(git: Git, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await git.run(['worktree', 'list', '--porcelain'], signal);
  return stdout.split('\n').flatMap((line) => /^worktree (.*)$/.exec(line)?.[1] ?? []);
}

const realFolder = (folder: string): Promise<string> => realpath(folder).catch(() => folder);

/** The commit that the folder holds whole; installed packages may have changed a tracked node_modules. */
export async function stagedCommit(git: Git, folder: string, signal: AbortSignal): Promise<string | undefined> {
  if (!(await pathExists(join(folder, '.git')))) return undefined;
  const { exitCode, stdout } = await git.run(['rev-parse', '--absolute-git-dir'], signal, { folder, accept: [128] });
  // git writes the index last: without it the files may be half there.
  if (exitCode !== 0 || !(await pathExists(join(stdout.trim(), 'index')))) return undefined;
  const commit = await headCommit(git, signal, folder);
  const { differing } = await withScratch((scratch) => compareTree(git, commit, scratch, signal, { folder, except }));
  return differing.length === 0 ? commit : undefined;
}

const except = (path: string): boolean => path.split('/').includes('node_modules');
