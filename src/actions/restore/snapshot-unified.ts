import type { Evidence } from '../../model/event.ts';
import type { Action } from '../contract.ts';
import { proveSnapshot, takeSnapshot } from './snapshot.ts';
import { whyAbsent, whyNothingToKeep } from './unified-database.ts';
import { unifiedSnapshot } from './unified-snapshot.ts';

/** Kept and proven, unless there is a reason why nothing of it can be. */
const keptUnless = (whyNothing: typeof whyAbsent): Pick<Action, 'perform' | 'prove'> => ({
  async perform(context) {
    if ((await whyNothing(context.world, context.signal)) === undefined)
      await takeSnapshot(unifiedSnapshot(context), context);
  },
  async prove(context) {
    const why = await whyNothing(context.world, context.signal);
    return why === undefined ? proveSnapshot(unifiedSnapshot(context), context) : nothingKept(why);
  },
});

const nothingKept = (why: string): Evidence => ({ kept: 'nothing', why });

export const snapshotUnified: Action = {
  describe: ({ tools, settings }, { unifiedBytes, unifiedTimeSeries }) => ({
    title: `Keep ${settings.mongo.unified.database} as it is now, for the way forward again${leftOut(unifiedTimeSeries)}`,
    commands: tools.describeDump(
      { side: 'unified', database: settings.mongo.unified.database },
      '<evidence>/unified-state',
    ),
    evidence: 'counts and digests of the dump equal those of the server, or the server holds no such database any more',
    effect: 'writes a dump into the evidence folder; the database is not changed',
    expectedMs: 1_000 + unifiedBytes / 20_000,
  }),
  ...keptUnless(whyAbsent),
};

const leftOut = (timeSeries: readonly string[] = []): string =>
  timeSeries.length === 0 ? '' : `, without its time series ${timeSeries.join(', ')}: they stay on the server alone`;

/** Planned without it: what cannot be kept holds nobody back who said yes to that. What is there all the same is kept. */
export const forgoUnifiedSnapshot: Action = {
  describe: ({ settings }, { unifiedNotKept }) => ({
    title: `Keep NOTHING of ${settings.mongo.unified.database}: ${unifiedNotKept}`,
    commands: [],
    evidence: 'that is so still; if the database is there again, it is kept and proven after all',
    effect: 'there is no snapshot for the way forward again; a rollback does not write into the unified database',
    expectedMs: 3_000,
  }),
  ...keptUnless(whyNothingToKeep),
};
