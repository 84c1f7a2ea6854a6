import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkout } from './checkout.ts';
import type { AfterSwitch } from './contract.ts';
import type { Git } from './git-command.ts';

/** The output of a command is kept by its last lines only. */
const longest = 2_000;

export async function afterSwitch(
  git: Git,
  { repository, legacy }: Checkout,
  { path, keep }: { readonly path: string; readonly keep: readonly string[] },
  signal: AbortSignal,
): Promise<AfterSwitch> {
  if (keep.includes(path)) return { is: 'kept' };
  const { stdout } = await git.run(['ls-tree', legacy, '--', path], signal);
  const [, mode = '', id = ''] = /^(\d+) blob (\w+)/.exec(stdout) ?? [];
  if (id === '') return { is: 'gone' };
  if (keep.some((folder) => path.startsWith(`${folder}/`)) && (await isFile(join(repository, path)))) {
    return { is: 'kept' };
  }
  if (!mode.startsWith('100')) return { is: 'legacy', text: undefined };
  const { stdout: text } = await git.run(['cat-file', 'blob', id], signal);
  return { is: 'legacy', text: text.split('\n').length < longest ? text : undefined };
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
