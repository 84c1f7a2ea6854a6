import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { isObjectId, legacyCommit } from './commits.ts';
import type { Git } from './git-command.ts';
import type { CodeConfig } from './schema.ts';

export interface Checkout {
  readonly repository: string;
  /** Where HEAD and the index lie. */
  readonly gitFolder: string;
  /** Where the branches lie: another folder where the checkout is a linked work tree. */
  readonly commonFolder: string;
  readonly legacy: string;
}

/** A run's own folder beside HEAD and the index. */
export const asideOf = ({ gitFolder }: Checkout, run: string): string => join(gitFolder, 'rollbackd', run);

/** Proves on the way that the configured folder is the root of a checkout. */
export async function findCheckout(git: Git, config: CodeConfig, signal: AbortSignal): Promise<Checkout> {
  const { repository, legacyRef } = config;
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir', `${legacyRef}^{commit}`];
  const { stdout } = await git.run(['rev-parse', ...asked], signal, { accept: [128] });
  const [root = '', gitFolder = '', commonFolder = '', named = ''] = stdout.trim().split('\n');
  const legacy = isObjectId(named) ? named : await legacyCommit(git, config, signal);
  if (root !== (await realpath(repository))) {
    throw new RollbackdError('code', `${repository} is not the root of a checkout`, {
      remedy: root === '' ? 'check code.repository and code.program' : `set code.repository to ${root}`,
    });
  }
  return { repository, gitFolder, commonFolder: resolve(repository, commonFolder), legacy };
}
