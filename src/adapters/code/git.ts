import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { type HomeOf, homeFolder } from '../../core/home-folder.ts';
import type { RunCommand } from '../../exec/contract.ts';
import { afterSwitch } from './after-switch.ts';
import { findCheckout } from './checkout.ts';
import { headCommit, legacyCommit } from './commits.ts';
import type { CodeAdapter } from './contract.ts';
import { differencesFrom } from './differences.ts';
import { gitCommand } from './git-command.ts';
import { plainPath } from './kept-paths.ts';
import { codeRefusals } from './refusals.ts';
import { saveChanges, savedChanges, savedRef } from './save-changes.ts';
import type { CodeConfig } from './schema.ts';
import { forgetSeen } from './seen-files.ts';
import { removeStaged, stageCommit, stagedCommit, stagedIn } from './staging.ts';
import { branchOf, keptAside, switchToLegacy } from './switch.ts';
import { unwritablePaths } from './unwritable.ts';

export interface GitAdapterOptions {
  readonly config: CodeConfig;
  readonly run: RunCommand;
  /** For looking only. */
  readonly readOnly?: RunCommand;
  readonly homeOf?: HomeOf;
}

export function gitAdapter({ config: written, run, readOnly, homeOf = homeFolder }: GitAdapterOptions): CodeAdapter {
  const config = { ...written, keep: written.keep.map(plainPath) };
  const git = gitCommand(config, run, readOnly);
  const checkout = (signal: AbortSignal) => findCheckout(git, config, signal);
  return {
    legacyCommit: (signal) => legacyCommit(git, config, signal),
    currentCommit: (signal) => headCommit(git, signal),
    async refusals(signal) {
      const found = await checkout(signal);
      const unwritable = await unwritablePaths(git, found, signal);
      return [...(await codeRefusals({ git, config, homeOf }, found, signal)), ...unwritable];
    },
    afterSwitch: async (path, signal) =>
      await afterSwitch(git, await checkout(signal), { path, keep: config.keep }, signal),
    async stage(name, signal) {
      const { legacy } = await checkout(signal);
      const folder = stagedFolder(config, name);
      await stageCommit(git, folder, legacy, signal);
      return folder;
    },
    async staged(name, signal) {
      const folder = stagedFolder(config, name);
      const commit = await stagedCommit(git, folder, signal);
      return commit === undefined ? undefined : { folder, commit };
    },
    stagedRuns: (signal) => stagedIn(git, config.releases, signal),
    async unstage(name, signal) {
      await removeStaged(git, stagedFolder(config, name), signal);
      await forgetSeen(await checkout(signal), safeName(name));
    },
    async saveLocalChanges(name, signal) {
      await saveChanges(git, await checkout(signal), safeName(name), signal);
    },
    saved: async (name, signal) => await savedChanges(git, await checkout(signal), safeName(name), signal),
    switchToLegacy: async (name, signal) =>
      await switchToLegacy(git, config, await checkout(signal), safeName(name), signal),
    notPutBack: async (name, signal) => await keptAside(await checkout(signal), safeName(name)),
    differences: async (name, except, signal) =>
      await differencesFrom(git, await checkout(signal), safeName(name), [...except, ...config.keep], signal),
    describe: (what) => descriptions(config)[what],
  };
}

const stagedFolder = (config: CodeConfig, name: string): string => join(config.releases, safeName(name));

/** A run's name becomes part of a folder that is removed and of a ref: it may not lead elsewhere. */
function safeName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/i.test(name)) return name;
  throw new RollbackdError('code', `"${name}" cannot name a run`, { remedy: 'use letters, digits and hyphens' });
}

function descriptions({ program, repository, releases, legacyRef, keep }: CodeConfig) {
  const git = `${program} -C ${repository}`;
  return {
    stage: [`${git} worktree add --detach ${join(releases, '<run>')} ${legacyRef}`],
    saveLocalChanges: [
      `${git} commit-tree (tracked changes and untracked files in the way)`,
      `${git} update-ref ${savedRef('<run>')}`,
    ],
    switchToLegacy: [
      `${git} checkout --force -B ${branchOf('<run>')} ${legacyRef}`,
      ...(keep.length > 0 ? [`kept as they are: ${keep.join(', ')}`] : []),
    ],
  };
}
