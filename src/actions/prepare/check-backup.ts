import { formatDuration } from '../../core/duration.ts';
import { type Action, StepFailed } from '../contract.ts';

export const checkBackup: Action = {
  describe: (_world, { manifest }) => ({
    title: `Read the whole backup at ${manifest.path} and compare it with what was planned`,
    commands: [],
    evidence: `its manifest hash is ${manifest.hash.slice(0, 12)}`,
    effect: 'nothing',
    expectedMs:
      500 +
      manifest.databases.flatMap(({ collections }) => collections).reduce((sum, { bytes }) => sum + bytes, 0) / 100_000,
  }),

  async prove({ world, manifestHash, signal }) {
    const started = world.clock.monotonic();
    const manifest = await world.scanBackup(signal);
    if (manifest.hash !== manifestHash) {
      throw new StepFailed('backup-changed', `the backup at ${manifest.path} is not the one that was planned with`, {
        remedy: 'find out who changed it; make a new plan with `rollbackd rollback`',
      });
    }
    const documents = manifest.databases
      .flatMap(({ collections }) => collections)
      .reduce((sum, each) => sum + each.documents, 0);
    return { manifest: manifest.hash, documents, read: formatDuration(world.clock.monotonic() - started) };
  },
};
