import type { ActivityCounters } from '../../adapters/mongo/contract.ts';
import type { StepContext } from '../contract.ts';

/** How often each database has been read over some time, as the two servers count it. */
export interface Reads {
  readonly legacy: (database: string) => number;
  readonly unified: number;
}

export interface Look {
  readonly legacy: ActivityCounters;
  readonly unified: ActivityCounters;
}

export async function lookAt({ world, signal }: StepContext): Promise<Look> {
  return { legacy: await world.legacy.activity(signal), unified: await world.unified.activity(signal) };
}

export function readsBetween({ world }: StepContext, before: Look, after: Look): Reads {
  const { database } = world.settings.mongo.unified;
  const moved = (side: keyof Look, name: string) => (after[side].reads[name] ?? 0) - (before[side].reads[name] ?? 0);
  return { legacy: (name) => moved('legacy', name), unified: moved('unified', database) };
}
