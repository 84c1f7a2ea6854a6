import type { Git } from './git-command.ts';

export interface Tree {
  readonly files: readonly string[];
  /** Path of each submodule, and the commit of its own that it must be at. */
  readonly submodules: ReadonlyMap<string, string>;
}

/** Everything in a commit: by comparison with the empty tree, since only `diff-*` can answer into a file. */
export async function treeOf(git: Git, commit: string, scratch: string, signal: AbortSignal): Promise<Tree> {
  const { stdout: emptyTree } = await git.run(['hash-object', '-t', 'tree', '/dev/null'], signal);
  const comparison = ['diff-tree', '-r', '--raw', '--no-abbrev', '--no-renames', '-z', '--ignore-submodules=none'];
  const answer = await git.list([...comparison, emptyTree.trim(), commit], scratch, signal);
  const files: string[] = [];
  const submodules = new Map<string, string>();
  for (let at = 0; at + 1 < answer.length; at += 2) {
    const [head = '', path = ''] = answer.slice(at, at + 2);
    const [, mode, , id = ''] = head.split(' ');
    if (mode === '160000') submodules.set(path, id);
    else files.push(path);
  }
  return { files, submodules };
}
