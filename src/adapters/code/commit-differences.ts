import { hashOf } from '../../core/digest.ts';
import type { Git, GitOptions } from './git-command.ts';

export interface PathsByKind {
  /** Only the later side has them. */
  readonly added: readonly string[];
  /** Only the earlier side has them. */
  readonly removed: readonly string[];
  /** Both have them, each otherwise. */
  readonly altered: readonly string[];
}

/** What a `diff-*` command finds different, with a digest of it that knows the contents too. */
export async function pathsByKind(
  git: Git,
  [name = '', ...rest]: readonly string[],
  scratch: string,
  signal: AbortSignal,
  options?: GitOptions,
): Promise<PathsByKind & { readonly digest: string }> {
  const command = [name, '--raw', '--no-abbrev', '--no-renames', '-z', ...rest];
  const answer = await git.list(command, scratch, signal, options);
  const paths = { added: [] as string[], removed: [] as string[], altered: [] as string[] };
  for (let at = 0; at + 1 < answer.length; at += 2) {
    const [head = '', path = ''] = answer.slice(at, at + 2);
    const kind = head.endsWith(' A') ? 'added' : head.endsWith(' D') ? 'removed' : 'altered';
    paths[kind].push(path);
  }
  return { ...paths, digest: hashOf(answer) };
}
