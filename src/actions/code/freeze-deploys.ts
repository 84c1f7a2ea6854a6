import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Action, StepFailed } from '../contract.ts';

/** A marker that a deployment script can look for: what was rolled back must not be deployed over. */
export const freezeDeploys: Action = {
  describe: ({ settings }) => ({
    title: `Write the deploy-freeze marker ${settings.rollback.freezeFile}`,
    commands: [],
    evidence: 'the file names this run and the legacy commit',
    effect: 'deployment scripts that look for it wait',
    expectedMs: 50,
  }),

  async perform({ world, run, legacyCommit }) {
    const { freezeFile } = world.settings.rollback;
    const text = JSON.stringify({
      run,
      commit: legacyCommit,
      reason: 'rolled back by rollbackd: do not deploy over it',
    });
    await writeFile(`${freezeFile}.new`, `${text}\n`, { mode: 0o644 });
    await rename(`${freezeFile}.new`, freezeFile);
  },

  async prove({ world, run }) {
    const { freezeFile } = world.settings.rollback;
    const text = await readFile(freezeFile, 'utf8').catch(() => '');
    if (!text.includes(run)) throw new StepFailed('not-proven', `${freezeFile} does not name this run`);
    return { file: freezeFile };
  },
};
