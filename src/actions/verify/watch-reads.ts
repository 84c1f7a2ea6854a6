import type { ActivityCounters } from '../../adapters/mongo/contract.ts';
import type { StepContext } from '../contract.ts';
import { outOfReach } from '../restore/unified-database.ts';

/** How often each database has been read over some time, as the two servers count it. */
export interface Reads {
  readonly legacy: (database: string) => number;
  readonly unified: number;
  /** Why it could not be looked at: nobody reads what is out of reach, as far as can be seen from here. */
  readonly unifiedUnseen?: string;
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
  return { legacy, unified: moved(database, before.unified, after.unified) };
}

const moved = (database: string, before: ActivityCounters, after: ActivityCounters): number =>
  (after.reads[database] ?? 0) - (before.reads[database] ?? 0);
