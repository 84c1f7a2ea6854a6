import { mkdir } from 'node:fs/promises';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { whyNothingToKeep } from '../restore/unified-database.ts';
import { type DiskNeed, gatherByDisk } from './disk-needs.ts';
import { mongodNeed } from './mongod-disk.ts';

/** A dump is never larger than the data it holds; code and its packages get a fixed allowance. */
const codeAllowance = 512 * 2 ** 20;

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** Before anything is written: what is brought in fills the disk of a server that may still be in use. */
export const checkDisk: Action = {
  describe: ({ settings }, { unifiedBytes }) => ({
    title: 'See that every disk has room for what will be written to it',
    commands: [],
    evidence:
      `${settings.rollback.evidenceFolder} has room for ${gib(unifiedBytes)} of unified data and each legacy database that is replaced, ` +
      `${settings.code.releases} for the code, and mongod's disk for what is restored; each disk once, with ${gib(settings.rollback.keepFree)} to spare`,
    effect: 'nothing',
    expectedMs: 300,
  }),

  async prove(context) {
    const { rollback } = context.world.settings;
    const needs = [await evidenceNeed(context), await codeNeed(context), await mongodNeed(context)];
    const disks = gatherByDisk(needs.filter((need) => typeof need !== 'string'));
    const tooSmall = disks.filter(({ free, bytes }) => free < bytes + rollback.keepFree);
    if (tooSmall.length > 0) {
      const told = tooSmall.map(
        ({ places, free, bytes }) =>
          `${places.join(' and ')}: ${gib(free)} free, ${gib(bytes + rollback.keepFree)} are needed`,
      );
      throw new StepFailed('disk-too-small', told.join('; '), {
        remedy:
          'free space and resume the run; or point rollback.evidenceFolder or code.releases to a larger disk and begin anew with `rollbackd rollback`',
      });
    }
    const unseen = needs.find((need) => typeof need === 'string');
    return {
      ...Object.fromEntries(
        disks.map(({ places, free, bytes }) => [
          places.join(' and '),
          `${gib(bytes + rollback.keepFree)} needed, ${gib(free)} free`,
        ]),
      ),
      ...(unseen !== undefined && { mongod: unseen }),
    };
  },
};

async function evidenceNeed({ world, evidenceFolder, subjectsOf, signal }: StepContext): Promise<DiskNeed> {
  const { settings, host, unified, legacy } = world;
  await mkdir(evidenceFolder, { recursive: true, mode: 0o700 });
  const notKept = await whyNothingToKeep(world, signal);
  const kept = [notKept === undefined ? await unified.dataSize(settings.mongo.unified.database, signal) : 0];
  for (const name of subjectsOf('snapshot-legacy')) kept.push(await legacy.dataSize(name, signal));
  return {
    place: settings.rollback.evidenceFolder,
    ...(await host.space(evidenceFolder)),
    bytes: kept.reduce((sum, bytes) => sum + bytes, 0),
  };
}

async function codeNeed({ world }: StepContext): Promise<DiskNeed> {
  const { releases } = world.settings.code;
  return { place: releases, ...(await world.host.space(releases)), bytes: codeAllowance };
}
