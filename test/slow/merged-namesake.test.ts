import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { rollbackd } from '../../sandbox/demo/program.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { CollectionState } from '../../src/adapters/mongo/contract.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import { pathExists } from '../../src/core/path-exists.ts';
import { endDaemon } from './ended-daemon.ts';
import { type GuardedCafe, guard, hasEnded } from './guarded-cafe.ts';
import { merged, shareMainDatabase, unifiedState } from './namesake-cafe.ts';
import { poll } from './poll.ts';
import { versionServed } from './versions.ts';
import { goTheWayBack } from './way-back.ts';

const runWithin = 240_000;
/** Two rollbacks, and the way back between them. */
const withinMs = 1_200_000;
const never = new AbortController().signal;
const unified = 'superkafe_v2';

afterAll(() => void vi.unstubAllEnvs());

const without = <T extends { readonly collection: string }>(state: readonly T[]) =>
  state.filter(({ collection }) => !merged.some((name) => name === collection));

/** A login writes into the users. */
const shape = ({ collection, documents, indexes }: CollectionState) => ({ collection, documents, indexes });

/** As many documents, the same ones, under the same options and indexes. */
async function held(folder: string) {
  const { databases } = await scanBackup({ path: folder, root: folder }, [unified], never);
  return databases.flatMap(({ collections }) => collections.map(({ fileHash: _, ...collection }) => collection));
}

async function runOf(cafe: GuardedCafe): Promise<string> {
  const { run } = await cafe.until('the run ends', hasEnded, runWithin);
  expect(run?.status, JSON.stringify(run)).toBe('succeeded');
  return run?.run ?? '';
}

/** The real mongorestore; but once it drops the menus, puts half of them back, and hangs. */
async function writeHangingRestore({ root, tools }: Sandbox) {
  const program = join(root, 'hanging-mongorestore');
  const [cause, reached] = [`${program}.cause`, `${program}.reached`];
  const lines = [
    '#!/bin/bash',
    `if [[ "$*" == *${unified}.menuitems* && -e '${cause}' ]]; then`,
    '  for one in "$@"; do case "$one" in --dir=*) dump="${one#--dir=}";; *) others+=("$one");; esac; done',
    `  cp -r "$dump" '${root}/half'; menus='${root}/half/${unified}/menuitems.bson'`,
    '  truncate --size=$(( $(stat --format=%s "$menus") / 2 )) "$menus"',
    `  '${tools.mongorestore.path}' "\${others[@]}" --dir='${root}/half'`,
    `  touch '${reached}'; exec sleep 600`,
    'fi',
    `exec '${tools.mongorestore.path}' "$@"`,
  ];
  await writeFile(program, `${lines.join('\n')}\n`);
  await chmod(program, 0o755);
  return { program, cause, reached };
}

it(
  'a legacy main database that is the unified one: rolled back by a person, brought back by the page, rolled back again over a kill -9',
  async () => {
    await using sandbox = await startSandbox({
      temperament: 'rough',
      mongo: 'standalone',
      tenants: 4,
      documents: 1_500,
    });
    const hanging = await writeHangingRestore(sandbox);
    const changes = { ...(await shareMainDatabase(sandbox)), 'mongo.tools.mongorestore': hanging.program };
    await using cafe = await guard(sandbox, { name: 'namesake', changes });
    vi.stubEnv('ROLLBACKD_ADMIN_URI', sandbox.mongo.adminUri);
    const rights = await rollbackd('permissions', '--apply', '--config', cafe.file);
    expect(rights.code, rights.output).toBe(0);
    await sandbox.traffic.stop();
    const before = await unifiedState(sandbox);
    const folder = join(sandbox.root, 'rollbackd');
    const evidenceOf = (run: string) => join(folder, 'evidence', run);

    const armed = await cafe.rollbackd('arm', '--reason', 'test');
    expect([armed.code, armed.output]).toEqual([
      1,
      expect.stringContaining(`it replaces ${merged.join(', ')} of the unified database`),
    ]);
    const planned = await cafe.rollbackd('rollback', '--dry-run');
    expect(planned.output).toMatch(
      /IN THE UNIFIED DATABASE superkafe_v2 the collections customers, menuitems, orders, tables, tenants, units, users/,
    );
    const done = await cafe.rollbackd('rollback', '--reason', 'test', '--wait');
    expect(done.code, done.output).toBe(0);
    const first = await runOf(cafe);
    expect(await versionServed(sandbox)).toBe('legacy');
    const rolledBack = await unifiedState(sandbox);
    expect(without(rolledBack)).toEqual(without(before));
    expect(rolledBack).not.toEqual(before);
    expect(await held(join(evidenceOf(first), 'unified-state'))).toEqual(before);

    const places = {
      run: first,
      evidence: evidenceOf(first),
      releases: join(folder, 'releases'),
      freezeFile: join(folder, 'deploy-freeze.json'),
    };
    await goTheWayBack(sandbox, places);
    expect(await versionServed(sandbox)).toBe('unified');
    expect(await unifiedState(sandbox)).toEqual(before);
    expect(await pathExists(places.freezeFile)).toBe(false);

    await endDaemon(cafe);
    await cafe.change({ ...changes, 'migration.cutoverAt': new Date().toISOString() });
    await cafe.start();
    await writeFile(hanging.cause, '');
    void cafe.rollbackd('rollback', '--reason', 'test again');
    await poll(
      'half of the menus are restored',
      async () => (await pathExists(hanging.reached)) || undefined,
      runWithin,
    );
    await cafe.kill();
    await rm(hanging.cause);
    await cafe.start();
    const second = await runOf(cafe);
    expect(second).not.toBe(first);
    expect(await versionServed(sandbox)).toBe('legacy');
    const again = await unifiedState(sandbox);
    expect(without(again)).toEqual(without(before));
    expect(again.map(shape)).toEqual(rolledBack.map(shape));
    expect(await held(join(evidenceOf(second), 'unified-state'))).toEqual(before);
    expect(
      (await held(join(evidenceOf(second), 'legacy-state'))).find(({ collection }) => collection === 'menuitems')
        ?.documents,
    ).toBeLessThan(rolledBack.find(({ collection }) => collection === 'menuitems')?.documents ?? 0);
  },
  withinMs,
);
