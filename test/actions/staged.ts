import { legacyCommit, type Target } from './target-state.ts';

/** The legacy code and its packages lie ready for the run. */
export function stagedFor({ state, folder }: Target, run: string): void {
  const staging = `${folder}/releases/${run}`;
  state.staged = { folder: staging, commit: legacyCommit };
  const modules = `${staging}/backend`;
  state.installedIn = { [modules]: modules };
}
