import { type Action, StepFailed } from '../contract.ts';
import { legacyAddresses, noWayToUnified } from '../legacy-addresses.ts';

export const switchEnvironment: Action = {
  describe: ({ settings }) => ({
    title: `Put ${settings.env.legacyFile} in the place of ${settings.env.file}`,
    commands: [],
    evidence: `the file has the legacy bytes, and ${noWayToUnified(settings)}`,
    effect: 'the old file is kept in the evidence folder',
    expectedMs: 50,
  }),

  perform: ({ world, evidenceFolder }) => world.env.switchToLegacy(evidenceFolder),

  async prove({ world }) {
    const { settings, env } = world;
    if (!(await env.isLegacy())) throw new StepFailed('not-proven', `${settings.env.file} is not the legacy file`);
    const { addresses, reasons } = await legacyAddresses(world, 'current');
    if (reasons.length > 0) throw new StepFailed('wrong-database', reasons.join('; '));
    return Object.fromEntries(addresses.map(({ variable, database }) => [variable, database]));
  },
};
