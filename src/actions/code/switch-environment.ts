import { pointsAtUnified } from '../../adapters/env/compare.ts';
import { type Action, StepFailed } from '../contract.ts';

export const switchEnvironment: Action = {
  describe: ({ settings }) => ({
    title: `Put ${settings.env.legacyFile} in the place of ${settings.env.file}`,
    commands: [],
    evidence: 'the file has the legacy bytes, and no URI in it resolves to the unified database',
    effect: 'the old file is kept in the evidence folder',
    expectedMs: 50,
  }),

  perform: ({ world, evidenceFolder }) => world.env.switchToLegacy(evidenceFolder),

  async prove({ world }) {
    const { settings, env } = world;
    if (!(await env.isLegacy())) throw new StepFailed('not-proven', `${settings.env.file} is not the legacy file`);
    const addresses = await env.addresses('current');
    const slugs = settings.target.tenants.map(({ slug }) => slug);
    const reasons = await pointsAtUnified(addresses, settings.mongo.unified, slugs);
    if (reasons.length > 0) throw new StepFailed('wrong-database', reasons.join('; '));
    return Object.fromEntries(addresses.map(({ variable, database }) => [variable, database]));
  },
};
