import type { Action, StepContext } from '../contract.ts';
import { proveSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';

const snapshotOf = ({ world, evidenceFolder, subject }: StepContext): Snapshot => ({
  source: { side: 'legacy', database: subject },
  folder: `${evidenceFolder}/legacy-state`,
  reader: world.legacy,
});

export const snapshotLegacy: Action = {
  describe: ({ tools }, { legacyStates }, database) => ({
    title: `Keep ${database} as it is now: it differs from the backup and is about to be replaced`,
    commands: tools.describeDump({ side: 'legacy', database }, '<evidence>/legacy-state'),
    evidence: 'counts and digests of the dump equal those of the server',
    effect: 'writes a dump into the evidence folder; the database is not changed',
    expectedMs: 1_000 + (legacyStates.find((each) => each.database === database)?.bytes ?? 0) / 20_000,
  }),
  perform: (context) => takeSnapshot(snapshotOf(context), context),
  prove: (context) => proveSnapshot(snapshotOf(context), context),
};
