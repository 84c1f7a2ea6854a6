import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { look, perform } from './perform.ts';
import { stagedFor } from './staged.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import { legacyCommit, type Target } from './target-state.ts';

const staged = (target: Target) => stagedFor(target, 'run-1');

describe('switching the code', () => {
  it('switches code, dependencies and environment, each proven', async () => {
    using target = openTarget();
    staged(target);
    expect(await perform(target, 'switch-code')).toEqual({ commit: legacyCommit });
    expect(await perform(target, 'switch-dependencies')).toEqual({ packages: 1 });
    expect(await perform(target, 'switch-environment')).toEqual({ MONGODB_URI: 'cafe_{tenant}' });
    expect(target.done).toEqual(['switchToLegacy', 'moveIn', 'switchEnvironment']);
  });

  it('is not done while a file to keep waits to be put back, as a kill in the middle leaves it', async () => {
    using target = openTarget();
    Object.assign(target.state, { commit: legacyCommit, notPutBack: ['ecosystem.config.js'] });
    await expect(look(target, 'switch-code')).rejects.toMatchObject({
      reason: 'not-proven',
      message: 'files to keep are not put back yet: ecosystem.config.js',
    });
    expect(await perform(target, 'switch-code')).toEqual({ commit: legacyCommit });
  });

  it('does not mind that the packages in the checkout differ from what git tracks of them', async () => {
    using target = openTarget();
    target.state.differences = ['backend/node_modules/express/package.json'];
    expect(await perform(target, 'switch-code')).toEqual({ commit: legacyCommit });
  });

  it('does not take the packages of the unified code for its own, though they have the same versions', async () => {
    using target = openTarget();
    staged(target);
    await expect(look(target, 'switch-dependencies')).rejects.toMatchObject({
      reason: 'not-proven',
      message: expect.stringContaining('checkout/backend/node_modules is not what this run has staged'),
    });
    await perform(target, 'switch-dependencies');
    expect(target.done).toEqual(['moveIn']);
    expect(await look(target, 'switch-dependencies')).toEqual({ packages: 1 });
    target.state.staged = undefined;
    expect(await look(target, 'switch-dependencies'), 'what was staged may be gone by then').toEqual({ packages: 1 });
  });

  it('writes a marker that names the run and the commit, for deployment scripts to find', async () => {
    using target = openTarget();
    await expect(look(target, 'freeze-deploys')).rejects.toThrow(/does not name this run/);
    await perform(target, 'freeze-deploys');
    const marker = JSON.parse(readFileSync(target.settings.rollback.freezeFile, 'utf8'));
    expect(marker).toMatchObject({ run: 'run-1', commit: legacyCommit });
  });

  it('puts its own marker in the place of an older run’s', async () => {
    using target = openTarget();
    await perform(target, 'freeze-deploys', { run: 'run-0' });
    await expect(look(target, 'freeze-deploys')).rejects.toThrow(/does not name this run/);
    expect(await perform(target, 'freeze-deploys')).toEqual({ file: target.settings.rollback.freezeFile });
  });
});

eachFails(
  [
    {
      action: 'switch-code',
      when: 'git ends well and moves nothing',
      spoil: ({ effects }) => void Object.assign(effects, { switchToLegacy: () => {} }),
      reason: 'not-proven',
      message: /the checkout is at beef/,
    },
    {
      action: 'switch-code',
      when: 'a file still differs from the legacy commit',
      spoil: ({ state }) => void Object.assign(state, { differences: ['backend/server.js'] }),
      reason: 'not-proven',
      message: /backend\/server\.js/,
    },
    {
      action: 'switch-dependencies',
      when: 'packages are missing in the checkout',
      spoil: ({ state, effects, folder }) => {
        state.missingPackages = ['express@4.0.0', 'mongoose@6.0.0 (found 7.0.0)'];
        effects.moveIn = () => {
          state.installedIn = { [`${folder}/checkout/backend`]: `${folder}/releases/run-1/backend` };
        };
      },
      reason: 'not-proven',
      message: /not installed: express@4\.0\.0, mongoose@6\.0\.0 \(found 7\.0\.0\)/,
    },
    {
      action: 'switch-environment',
      when: 'the file in place is another one',
      spoil: ({ effects }) => void Object.assign(effects, { switchEnvironment: () => {} }),
      reason: 'not-proven',
      message: /\.env is not the legacy file/,
    },
    {
      action: 'switch-environment',
      when: 'the legacy file itself leads to the unified database',
      spoil: ({ state }) => void Object.assign(state, { legacyDatabase: 'cafe_v2' }),
      reason: 'wrong-database',
      message: /may resolve to the unified database/,
    },
  ],
  staged,
);
