import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DumpSource } from '../../adapters/mongo/contract.ts';
import { obstacleOf } from '../../model/obstacle.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { readSnapshot, type Snapshot, takeSnapshot } from '../restore/snapshot.ts';
import { whyAbsent } from '../restore/unified-database.ts';
import type { World } from '../world.ts';

/**
 * The dump that is taken once users are out, taken while they are served: whatever only taking it can find out (a view that cannot
 * be read, a right, a disk) ends the run before anything is stopped. It is thrown away: what it holds is old by then.
 */
const trying = (sourceIn: (world: World, subject: string) => DumpSource): Pick<Action, 'perform' | 'prove'> => {
  const trialOf = ({ world, subject, evidenceFolder }: StepContext): Snapshot => {
    const source = sourceIn(world, subject);
    return { source, folder: join(evidenceFolder, `trial-${source.side}`), reader: world[source.side] };
  };
  const noteOf = (context: StepContext) => {
    const { source, folder } = trialOf(context);
    return `${folder}-${source.database}.json`;
  };
  return {
    async perform(context) {
      const trial = trialOf(context);
      try {
        await writeFile(noteOf(context), JSON.stringify(await taken(trial, context)), { mode: 0o600 });
      } finally {
        await rm(trial.folder, { recursive: true, force: true });
      }
    },
    async prove(context) {
      const note = await readFile(noteOf(context), 'utf8').catch(() => undefined);
      if (note === undefined) throw new StepFailed('not-proven', 'no trial of the snapshot has succeeded in this run');
      return JSON.parse(note);
    },
  };
};

interface Taken {
  readonly collections: number;
  readonly documents: number;
}

async function taken(trial: Snapshot, context: StepContext): Promise<Taken> {
  const { source, reader } = trial;
  const isGone = source.side === 'unified' && (await whyAbsent(context.world, context.signal)) !== undefined;
  if (isGone) return { collections: 0, documents: 0 };
  const before = await reader.collectionNames(source.database, context.signal);
  const { collections } = await dumped(trial, context);
  const after = await reader.collectionNames(source.database, context.signal);
  const kept = new Set(collections.map(({ collection }) => collection));
  const missing = before.filter((name) => after.includes(name) && !kept.has(name));
  if (missing.length > 0) {
    throw new StepFailed('data-differs', `a snapshot of ${source.database} does not hold ${missing.join(', ')}`, {
      remedy: 'nothing was stopped. See what is special about these collections, then resume the run',
    });
  }
  return { collections: kept.size, documents: collections.reduce((sum, { documents }) => sum + documents, 0) };
}

async function dumped(trial: Snapshot, context: StepContext) {
  try {
    await takeSnapshot(trial, context);
    return await readSnapshot(trial, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    const { what, mend } = obstacleOf(error);
    throw new StepFailed('refused', `no snapshot of ${trial.source.database} can be taken: ${what}`, {
      remedy: `nothing was stopped. ${mend}; then resume the run`,
      cause: error,
    });
  }
}

export const tryUnifiedSnapshot: Action = {
  describe: ({ tools, settings }, { unifiedBytes }) => ({
    title: `Try to keep ${settings.mongo.unified.database}, while users are served`,
    commands: tools.describeDump({ side: 'unified', database: settings.mongo.unified.database }, '<evidence>/trial'),
    evidence: 'every collection is in the dump, and the dump is whole',
    effect: 'writes a dump into the evidence folder and removes it; the database is read once',
    expectedMs: 1_000 + unifiedBytes / 20_000,
  }),
  ...trying(({ settings }) => ({ side: 'unified', database: settings.mongo.unified.database })),
};

export const tryLegacySnapshot: Action = {
  describe: ({ tools }, { legacyStates }, database) => ({
    title: `Try to keep ${database}, before it is replaced`,
    commands: tools.describeDump({ side: 'legacy', database }, '<evidence>/trial'),
    evidence: 'every collection is in the dump, and the dump is whole',
    effect: 'writes a dump into the evidence folder and removes it; the database is read once',
    expectedMs: 1_000 + (legacyStates.find((each) => each.database === database)?.bytes ?? 0) / 20_000,
  }),
  ...trying((_world, database) => ({ side: 'legacy', database })),
};
