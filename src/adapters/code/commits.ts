import { RollbackdError } from '../../core/errors.ts';
import type { Git } from './git-command.ts';
import type { CodeConfig } from './schema.ts';

export const isObjectId = (text: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);

/** The id that `name` stands for, or undefined where nothing has that name. */
export async function idOf(git: Git, name: string, signal: AbortSignal, folder?: string): Promise<string | undefined> {
  const options = folder === undefined ? { accept: [1] } : { accept: [1], folder };
  const { exitCode, stdout } = await git.run(['rev-parse', '--verify', '--quiet', name], signal, options);
  if (exitCode === 1) return undefined;
  return anObjectId(stdout, 'rev-parse');
}

export async function headCommit(git: Git, signal: AbortSignal, folder?: string): Promise<string> {
  const commit = await idOf(git, 'HEAD^{commit}', signal, folder);
  if (commit !== undefined) return commit;
  throw new RollbackdError('code', 'the checkout has no commit', { remedy: 'check code.repository' });
}

export async function legacyCommit(git: Git, config: CodeConfig, signal: AbortSignal): Promise<string> {
  const ref = config.legacyRef;
  const commit = ref.startsWith('-') ? undefined : await idOf(git, `${ref}^{commit}`, signal);
  if (commit !== undefined) return commit;
  throw new RollbackdError('ref-missing', `"${ref}" names no commit in ${config.repository}`, {
    remedy: `set code.legacyRef to the last commit before the migration${await candidates(git, signal)}`,
  });
}

/** The only line of an answer that must be an object id: an empty answer means that git did nothing. */
export function anObjectId(stdout: string, command: string): string {
  const id = stdout.trim();
  if (isObjectId(id)) return id;
  throw new RollbackdError('code', `git ${command} ended well but did not answer with an object id`, {
    remedy: 'check that code.program is a working git',
  });
}

async function candidates(git: Git, signal: AbortSignal): Promise<string> {
  const { stdout } = await git.run(['tag', '--list', '--sort=-creatordate'], signal);
  const tags = stdout.split('\n').filter((tag) => tag !== '');
  const likely = tags.filter((tag) => /migration|legacy|rollback/i.test(tag));
  const named = (likely.length > 0 ? likely : tags).slice(0, 10);
  return named.length > 0 ? `; tags there: ${named.join(', ')}` : '; the repository has no tags';
}
