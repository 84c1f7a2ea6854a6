import type { Action } from '../contract.ts';
import { expectRoom } from './disk-needs.ts';
import { evidenceNeed } from './evidence-need.ts';

/** What is prepared takes minutes and room, and others write, too: the snapshots that come after the stop must still fit. */
export const checkRoom: Action = {
  describe: ({ settings }) => ({
    title: `See that ${settings.rollback.evidenceFolder} still has room for the snapshots`,
    commands: [],
    evidence: 'it has, right before the application is stopped',
    effect: 'nothing',
    expectedMs: 200,
  }),

  async prove(context) {
    return expectRoom([await evidenceNeed(context)], context.world.settings.rollback);
  },
};
