import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildProbes } from '../../src/engine/build-probes.ts';
import type { Version } from '../../src/model/version.ts';
import { openTarget } from '../actions/target.ts';
import { writeCollection } from '../backup/dump-writer.ts';

const own = ['negoes', 'kopi'].map((tenant) => ({ name: `cafe_${tenant}`, tenant, policy: 'restore' as const }));
const shared = (...collections: string[]) => ({ name: 'cafe_v2', policy: 'merge' as const, collections });

/** From where the tenants are known, by the look of the probe. */
async function sourcesWhere(version: Version, databases: readonly object[]): Promise<readonly string[]> {
  using target = openTarget({ mongo: { legacyDatabases: [...own, ...databases] as typeof own } });
  const backup = join(target.folder, 'backup');
  await writeCollection(join(backup, 'cafe_kopi'), 'menus', [{ _id: 1 }]);
  const probes = buildProbes(target.world, {
    backup: { path: backup },
    accessLog: undefined,
    slotMs: 5_000,
    version: () => version,
  });
  const [seen] =
    (await probes.find(({ name }) => name === 'tenants')?.look(new AbortController().signal, () => {})) ?? [];
  if (seen?.probe !== 'tenants' || seen.status !== 'observed') throw new Error('nothing was seen');
  return [...new Set(seen.values.tenants.flatMap(({ knownTo, missingFrom }) => [...knownTo, ...missingFrom]))];
}

it('the list of tenants is the unified system’s until the legacy one has its own back in the same place', async () => {
  const all = ['configuration', 'unified tenants', 'legacy databases', 'backup'];
  const named = (sources: readonly string[]) => sources.toSorted();
  expect(named(await sourcesWhere('unified', [shared('tenants')]))).toEqual(all.toSorted());
  expect(named(await sourcesWhere('legacy', [shared('tenants')]))).toEqual(
    all.filter((source) => source !== 'unified tenants').toSorted(),
  );
  for (const databases of [[], [shared('users')]]) {
    expect(named(await sourcesWhere('legacy', databases))).toEqual(all.toSorted());
  }
});
