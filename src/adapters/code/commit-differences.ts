import { hashOf } from '../../core/digest.ts';
import type { Git, GitOptions } from './git-command.ts';

export interface PathsByKind {
  /** Only the later side has them. */
  readonly added: readonly string[];
  /** Only the earlier side has them. */
  readonly removed: readonly string[];
  /** Both have them, each otherwise. */
  readonly altered: readonly string[];
  /** Those of the altered that are a file, a link or a submodule here, and another of these there. */
  readonly retyped: readonly string[];
}

export interface Difference {
  readonly path: string;
  /** `A`, `D`, `M` or `T`. */
  readonly status: string;
  /** As the later side has it. */
  readonly mode: string;
  readonly id: string;
}

/** What a `diff-*` command finds different, with a digest of it that knows the contents too. */
export async function pathsByKind(
  git: Git,
  command: readonly string[],
  scratch: string,
  signal: AbortSignal,
  options?: GitOptions,
): Promise<PathsByKind & { readonly digest: string }> {
  const answer = await rawAnswer(git, command, scratch, signal, options);
  const paths = { added: [] as string[], removed: [] as string[], altered: [] as string[], retyped: [] as string[] };
  for (const { path, status } of differencesIn(answer)) {
    paths[status === 'A' ? 'added' : status === 'D' ? 'removed' : 'altered'].push(path);
    if (status === 'T') paths.retyped.push(path);
  }
  return { ...paths, digest: hashOf(answer) };
}

/** Each path that a `diff-*` command finds different, as the later side has it. */
export async function differencesOf(
  git: Git,
  command: readonly string[],
  scratch: string,
  signal: AbortSignal,
  options?: GitOptions,
): Promise<Difference[]> {
  return differencesIn(await rawAnswer(git, command, scratch, signal, options));
}

async function rawAnswer(
  git: Git,
  [name = '', ...rest]: readonly string[],
  scratch: string,
  signal: AbortSignal,
  options?: GitOptions,
): Promise<string[]> {
  return await git.list([name, '--raw', '--no-abbrev', '--no-renames', '-z', ...rest], scratch, signal, options);
}

/** `:mode mode id id status`, and its path. */
function differencesIn(answer: readonly string[]): Difference[] {
  const found: Difference[] = [];
  for (let at = 0; at + 1 < answer.length; at += 2) {
    const [head = '', path = ''] = answer.slice(at, at + 2);
    const [, mode = '', , id = '', status = ''] = head.split(' ');
    found.push({ path, status, mode, id });
  }
  return found;
}
