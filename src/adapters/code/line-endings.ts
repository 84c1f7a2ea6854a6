import { stat } from 'node:fs/promises';
import type { HomeOf } from '../../core/home-folder.ts';
import type { Git } from './git-command.ts';

/** Settings that make a checkout write other bytes than the commit holds. */
const converting: ReadonlyMap<string, RegExp> = new Map([
  ['core.autocrlf', /^(true|yes|on|1)$/i],
  ['core.eol', /^crlf$/i],
]);

/** Line endings that the checkout's owner, or we, have configured for themselves alone: git runs without that configuration. */
export async function personalLineEndings(
  git: Git,
  repository: string,
  homeOf: HomeOf,
  signal: AbortSignal,
): Promise<string[]> {
  const uids = [(await stat(repository)).uid, process.geteuid?.() ?? 0];
  const homes = await Promise.all([...new Set(uids)].map(homeOf));
  const found = new Set<string>();
  for (const [setting, converts] of converting) {
    if ((await settingOf(git, setting, signal)) !== undefined) continue;
    for (const home of homes) {
      const value = home === undefined ? undefined : await settingOf(git, setting, signal, home);
      if (value === undefined || !converts.test(value)) continue;
      found.add(
        `${setting} is ${value} in ${home}'s own configuration of git and not in the repository's: set it with \`git -C ${repository} config ${setting} ${value}\``,
      );
    }
  }
  return [...found];
}

/** Undefined where it is not set, or where that home may not be read. */
async function settingOf(git: Git, setting: string, signal: AbortSignal, home?: string): Promise<string | undefined> {
  const options = home === undefined ? { accept: [1] } : { accept: [1, 128], home };
  const { exitCode, stdout } = await git.run(['config', '--get', setting], signal, options);
  return exitCode === 0 ? stdout.trim() : undefined;
}
