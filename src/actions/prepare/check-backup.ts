import { formatDuration } from '../../core/duration.ts';
import type { BackupManifest } from '../../model/backup.ts';
import type { Action } from '../contract.ts';

const total = ({ databases }: BackupManifest, what: 'documents' | 'bytes'): number =>
  databases.flatMap(({ collections }) => collections).reduce((sum, collection) => sum + collection[what], 0);

export const checkBackup: Action = {
  describe: (_world, { manifest }) => ({
    title: `Read the whole backup at ${manifest.path} and compare it with what was planned`,
    commands: [],
    evidence: `its manifest hash is ${manifest.hash.slice(0, 12)}`,
    effect: 'nothing',
    expectedMs: 500 + total(manifest, 'bytes') / 100_000,
  }),

  async prove({ world, manifest }) {
    const started = world.clock.monotonic();
    const scanned = await manifest();
    const read = formatDuration(world.clock.monotonic() - started);
    return { manifest: scanned.hash, documents: total(scanned, 'documents'), read };
  },
};
