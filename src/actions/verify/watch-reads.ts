import type { ActivityCounters } from '../../adapters/mongo/contract.ts';
import { type MergedDatabase, namesakeHere } from '../../adapters/mongo/namesake.ts';
import type { StepContext } from '../contract.ts';
import { outOfReach } from '../restore/unified-database.ts';

/** How often each database has been read over some time, as the two servers count it. */
export interface Reads {
  readonly legacy: (database: string) => number;
  /** Where it is the legacy main one as well: of what is the unified system's alone. */
  readonly unified: number;
  /** Why it could not be looked at: nobody reads what is out of reach, as far as can be seen from here. */
  readonly unifiedUnseen?: string;
  /** Which of its own collections were read, where it is the legacy main one as well. */
  readonly unifiedCollections?: readonly string[];
}

export interface Look {
  readonly legacy: ActivityCounters;
  /** In words why there is none, where its server is another one and out of reach. */
  readonly unified: ActivityCounters | string;
}

export async function lookAt(context: StepContext): Promise<Look> {
  const { world, signal } = context;
  return { legacy: await world.legacy.activity(signal), unified: await unifiedActivity(context) };
}

async function unifiedActivity({ world, signal }: StepContext): Promise<ActivityCounters | string> {
  try {
    return await world.unified.activity(signal);
  } catch (error) {
    const why = outOfReach(world.settings.mongo, error);
    if (why === undefined) throw error;
    return why;
  }
}

export function readsBetween({ world }: StepContext, before: Look, after: Look): Reads {
  const { database } = world.settings.mongo.unified;
  const legacy = (name: string) => moved(name, before.legacy, after.legacy);
  if (typeof before.unified === 'string') return { legacy, unified: 0, unifiedUnseen: before.unified };
  if (typeof after.unified === 'string') return { legacy, unified: 0, unifiedUnseen: after.unified };
  const merged = namesakeHere(world.settings.mongo);
  if (!merged) return { legacy, unified: moved(database, before.unified, after.unified) };
  return { legacy, ...movedBeside(merged, before.unified, after.unified) };
}

/** The merged collections are read by either version, and prove nothing. */
function movedBeside({ name, collections }: MergedDatabase, before: ActivityCounters, after: ActivityCounters) {
  const earlier = before.readsWithin[name] ?? {};
  const counts = Object.entries(after.readsWithin[name] ?? {})
    .filter(([collection]) => !collections.includes(collection))
    .map(([collection, count]) => ({ collection, count: count - (earlier[collection] ?? 0) }))
    .filter(({ count }) => count > 0);
  return {
    unified: counts.reduce((sum, { count }) => sum + count, 0),
    unifiedCollections: counts.map(({ collection }) => collection),
  };
}

const moved = (database: string, before: ActivityCounters, after: ActivityCounters): number =>
  (after.reads[database] ?? 0) - (before.reads[database] ?? 0);
