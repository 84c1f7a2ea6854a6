import { pointsAtUnified } from '../../adapters/env/compare.ts';
import { type Action, StepFailed } from '../contract.ts';

export const checkLegacyEnvironment: Action = {
  describe: ({ settings }) => ({
    title: `Parse ${settings.env.legacyFile} and see which databases it names`,
    commands: [],
    evidence: `no ${settings.env.uriVariables.join(' or ')} resolves to ${settings.mongo.unified.database}`,
    effect: 'nothing',
    expectedMs: 50,
  }),

  async prove({ world }) {
    const { settings, env } = world;
    const legacy = await env.addresses('legacy');
    const slugs = settings.target.tenants.map(({ slug }) => slug);
    const reasons = pointsAtUnified(legacy, settings.mongo.unified, slugs);
    if (reasons.length > 0) {
      throw new StepFailed(
        'wrong-database',
        `${settings.env.legacyFile} leads to the unified database: ${reasons.join('; ')}`,
        {
          remedy: 'put the legacy URI into that file',
        },
      );
    }
    const current = await env.addresses('current');
    const text = (side: typeof legacy) => side.map(({ variable, database }) => `${variable}=${database}`).join(', ');
    return { legacy: text(legacy), current: text(current) };
  },
};
