import type { DatabaseAddress, EnvAdapter } from '../../adapters/env/contract.ts';
import { RollbackdError } from '../../core/errors.ts';
import { type Action, StepFailed } from '../contract.ts';
import { legacyAddresses, noWayToUnified } from '../legacy-addresses.ts';

export const checkLegacyEnvironment: Action = {
  describe: ({ settings }) => ({
    title: `Parse ${settings.env.legacyFile} and see which databases it names`,
    commands: [],
    evidence: noWayToUnified(settings),
    effect: 'nothing',
    expectedMs: 50,
  }),

  async prove({ world }) {
    const { settings, env } = world;
    const { addresses, reasons } = await legacyAddresses(world, 'legacy');
    if (reasons.length > 0) {
      throw new StepFailed(
        'wrong-database',
        `${settings.env.legacyFile} leads to the unified database: ${reasons.join('; ')}`,
        {
          remedy: 'put the legacy URI into that file',
        },
      );
    }
    return { legacy: namesOf(addresses), current: await currentNames(env) };
  },
};

const namesOf = (side: readonly DatabaseAddress[]): string =>
  side.map(({ variable, database }) => `${variable}=${database}`).join(', ');

/** For the record only: the file is about to be replaced, and the unified version may get its addresses elsewhere. */
async function currentNames(env: EnvAdapter): Promise<string> {
  try {
    return namesOf(await env.addresses('current'));
  } catch (error) {
    if (!(error instanceof RollbackdError)) throw error;
    return error.reason === 'env-variable-missing' ? 'not set' : `not read: ${error.message}`;
  }
}
