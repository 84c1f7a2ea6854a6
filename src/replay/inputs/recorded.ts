import type { Observation } from '../../model/observation.ts';
import { readRecorded } from '../../recorder/read-only.ts';
import type { Looks, Reading } from './input.ts';

const batch = 1_000;

/** The recorder's own file. Its lines are rows. */
export async function* readRecorder({ file, from, to, faults }: Reading): Looks {
  const onUnusable = (row: number, why: string) => faults.add(file, row, why);
  let some: Observation[] = [];
  for (const observation of readRecorded(file, { from, to: to - 1 }, onUnusable)) {
    some.push(observation);
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  yield some;
}
