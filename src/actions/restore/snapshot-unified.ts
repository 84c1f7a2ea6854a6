import type { Action, StepContext } from '../contract.ts';
import { proveSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';

const snapshotOf = ({ world, evidenceFolder }: StepContext): Snapshot => ({
  database: world.settings.mongo.unified.database,
  folder: `${evidenceFolder}/unified-state`,
  reader: world.unified,
});

export const snapshotUnified: Action = {
  describe: ({ tools, settings }, { unifiedBytes }) => ({
    title: `Keep ${settings.mongo.unified.database} as it is now, for the way forward again`,
    commands: tools.describeDump(settings.mongo.unified.database, '<evidence>/unified-state'),
    evidence: 'counts and digests of the dump equal those of the server',
    effect: 'writes a dump into the evidence folder; the database is not changed',
    expectedMs: 1_000 + unifiedBytes / 20_000,
  }),
  perform: (context) => takeSnapshot(snapshotOf(context), context),
  prove: (context) => proveSnapshot(snapshotOf(context), context),
};
