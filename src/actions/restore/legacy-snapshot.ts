import { readdir } from 'node:fs/promises';
import { pathExists } from '../../core/path-exists.ts';
import type { StepContext } from '../contract.ts';
import type { Snapshot } from './snapshot.ts';

const name = 'legacy-state';

/** Where a run keeps the legacy database that its step is about. */
export const legacySnapshot = ({ world, evidenceFolder, subject }: StepContext): Snapshot => ({
  source: { side: 'legacy', database: subject },
  folder: `${evidenceFolder}/${name}`,
  reader: world.legacy,
});

/** Folders with earlier snapshots of it: one that is taken again never replaces the one before. */
export async function earlierSnapshots({ evidenceFolder, subject }: StepContext): Promise<string[]> {
  const there = await readdir(evidenceFolder).catch(() => []);
  const aside = there.filter((each) => each.startsWith(`${name}.superseded-`)).sort();
  const held = await Promise.all(aside.map((each) => pathExists(`${evidenceFolder}/${each}/${subject}`)));
  return aside.filter((_, index) => held[index]);
}
