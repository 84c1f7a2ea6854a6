import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { gitAdapter } from '../../../src/adapters/code/git.ts';
import { gitCommand } from '../../../src/adapters/code/git-command.ts';
import { findLocalChanges } from '../../../src/adapters/code/local-changes.ts';
import { type CodeConfig, codeSchema } from '../../../src/adapters/code/schema.ts';
import { withScratch } from '../../../src/adapters/code/scratch.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';

const author = ['user.name=Dev', 'user.email=dev@localhost', 'core.fsync=none'].flatMap((setting) => ['-c', setting]);

/** A target's checkout: a legacy commit with its tag, and a unified commit that is checked out on `main`. */
export function makeRepository(legacy: Record<string, string>, unified: Record<string, string>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'rollbackd-test-code-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const repository = join(root, 'checkout');
  mkdirSync(repository);
  const git = (...command: string[]) =>
    execFileSync('git', [...author, '-C', repository, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  };
  const commit = (files: Record<string, string>, message: string) => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    git('add', '--all', '--force');
    git('commit', '--quiet', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  const legacyCommit = commit(legacy, 'legacy');
  git('tag', 'pre-migration-tag');
  if (Object.keys(legacy).length > 0) git('rm', '-r', '--quiet', '--force', '.');
  const unifiedCommit = commit(unified, 'unified');
  const config: CodeConfig = codeSchema.parse({
    adapter: 'git',
    program: '/usr/bin/git',
    repository,
    legacyRef: 'pre-migration-tag',
    releases: join(root, 'releases'),
    timeout: '20s',
  });
  const adapter = (changes: Partial<CodeConfig> = {}) =>
    gitAdapter({ config: { ...config, ...changes }, run: createReadOnlyCommand(), homeOf: async () => root });
  const localChanges = async () => {
    const command = gitCommand(config, createReadOnlyCommand());
    const { tracked, inTheWay } = await withScratch((scratch) =>
      findLocalChanges(command, repository, legacyCommit, scratch, never),
    );
    return { tracked, inTheWay };
  };
  return { root, repository, config, git, write, legacyCommit, unifiedCommit, adapter, localChanges };
}

export const never = new AbortController().signal;
