import type { Action } from '../contract.ts';
import { legacySnapshot } from './legacy-snapshot.ts';
import { proveSnapshot, takeSnapshot } from './snapshot.ts';

export const snapshotLegacy: Action = {
  describe: ({ tools }, { legacyStates }, database) => ({
    title: `Keep ${database} as it is now: it differs from the backup and is about to be replaced`,
    commands: tools.describeDump({ side: 'legacy', database }, '<evidence>/legacy-state'),
    evidence: 'counts and digests of the dump equal those of the server',
    effect: 'writes a dump into the evidence folder; the database is not changed',
    expectedMs: 1_000 + (legacyStates.find((each) => each.database === database)?.bytes ?? 0) / 20_000,
  }),
  perform: (context) => takeSnapshot(legacySnapshot(context), context),
  prove: (context) => proveSnapshot(legacySnapshot(context), context),
};
