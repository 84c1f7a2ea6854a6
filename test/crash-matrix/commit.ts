import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** What is played: the commit that is checked out, and a digest of what differs from it. */
export function currentCommit(): string {
  const commit = git('rev-parse', '--short=12', 'HEAD').trim();
  const added = git('ls-files', '--others', '--exclude-standard').split('\n').filter(Boolean);
  const changes = [git('diff', 'HEAD'), ...added.map((file) => `${file} ${git('hash-object', file)}`)].join('');
  return changes === '' ? commit : `${commit}-${createHash('sha256').update(changes).digest('hex').slice(0, 8)}`;
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { encoding: 'utf8', maxBuffer: 100_000_000 });
