import { mkdir } from 'node:fs/promises';
import { type Action, StepFailed } from '../contract.ts';
import { whyNothingToKeep } from '../restore/unified-database.ts';

/** A dump is never larger than the data it holds; code and its packages get a fixed allowance. */
const codeAllowance = 512 * 2 ** 20;

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

export const checkDisk: Action = {
  describe: ({ settings }, { unifiedBytes }) => ({
    title: `See that ${settings.rollback.evidenceFolder} has room for the snapshots`,
    commands: [],
    evidence: `room for ${gib(unifiedBytes)} of unified data, every legacy database and ${gib(settings.rollback.keepFree)} to spare`,
    effect: 'nothing',
    expectedMs: 100,
  }),

  async prove({ world, evidenceFolder, signal }) {
    const { settings, host, unified, legacy } = world;
    await mkdir(evidenceFolder, { recursive: true, mode: 0o700 });
    const free = await host.freeBytes(evidenceFolder);
    const notKept = await whyNothingToKeep(world, signal);
    const unifiedBytes = notKept === undefined ? await unified.dataSize(settings.mongo.unified.database, signal) : 0;
    const legacyBytes = await Promise.all(
      settings.mongo.legacyDatabases.map(({ name }) => legacy.dataSize(name, signal)),
    );
    const want =
      unifiedBytes + legacyBytes.reduce((sum, bytes) => sum + bytes, 0) + codeAllowance + settings.rollback.keepFree;
    if (free < want) {
      throw new StepFailed('disk-too-small', `${evidenceFolder} has ${gib(free)} free, ${gib(want)} are needed`, {
        remedy: 'free space or point rollback.evidenceFolder to a larger disk',
      });
    }
    return { free: gib(free), needed: gib(want) };
  },
};
