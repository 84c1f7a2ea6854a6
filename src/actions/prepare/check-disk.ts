import { gib } from '../../core/bytes.ts';
import type { Action, StepContext } from '../contract.ts';
import { type DiskNeed, expectRoom } from './disk-needs.ts';
import { evidenceNeed } from './evidence-need.ts';
import { mongodNeed } from './mongod-disk.ts';

/** Code and its packages get a fixed allowance. */
const codeAllowance = 512 * 2 ** 20;

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
    const room = expectRoom(
      needs.filter((need) => typeof need !== 'string'),
      rollback,
    );
    const unseen = needs.find((need) => typeof need === 'string');
    return {
      ...room,
      ...(unseen !== undefined && { mongod: unseen }),
    };
  },
};

async function codeNeed({ world }: StepContext): Promise<DiskNeed> {
  const { releases } = world.settings.code;
  return { place: releases, ...(await world.host.space(releases)), bytes: codeAllowance };
}
