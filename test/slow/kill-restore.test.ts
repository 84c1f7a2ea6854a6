import { readdirSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from './ended-daemon.ts';
import { guard, hasEnded } from './guarded-cafe.ts';
import { poll } from './poll.ts';

/** The legacy database that is not what the backup holds: replacing it is what may go wrong. */
const different = 'superkafe_lestari';
/** One that is not there: it is brought in while the application serves. */
const absent = 'superkafe_rindu';
const stopsWithin = 10_000;
const runWithin = 240_000;

/** The real mongorestore, which asks the server so often that a few thousand documents take seconds. */
async function writeSlowRestore({ root, tools }: Sandbox): Promise<string> {
  const program = join(root, 'slow-mongorestore');
  await writeFile(program, `#!/bin/sh\nexec '${tools.mongorestore.path}' --batchSize=1 "$@"\n`);
  await chmod(program, 0o755);
  return program;
}

function processesOf(program: string, root: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [first = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return first.includes(program) && rest.some((word) => word.includes(root));
      } catch {
        return false;
      }
    });
}

/** Resolves while the server itself says that mongorestore writes into the database. */
async function untilRestoring({ mongo }: Sandbox, database: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const client = await new MongoClient(mongo.adminUri).connect();
  stack.defer(() => client.close());
  const operations = () =>
    client
      .db('admin')
      .aggregate([{ $currentOp: { allUsers: true } }, { $match: { ns: { $regex: `^${database}\\.` }, active: true } }])
      .toArray();
  await poll(
    `a restore of ${database}`,
    async () => ((await operations()).some(({ appName }) => appName === 'mongorestore') ? true : undefined),
    runWithin,
  );
}

it('kill -9 of the daemon while $currentOp shows the restore: the orphan is found and ended, the run finishes, and nothing is doubled; SIGTERM leaves no orphan at all', async () => {
  await using sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 20_000 });
  const changes = { 'mongo.tools.mongorestore': await writeSlowRestore(sandbox) };
  await using cafe = await guard(sandbox, { name: 'restore', changes });
  void cafe.rollbackd('rollback', '--reason', 'to be killed');
  await untilRestoring(sandbox, absent);
  const asked = performance.now();
  await endDaemon(cafe);
  expect(performance.now() - asked).toBeLessThan(stopsWithin);
  expect(processesOf('mongorestore', sandbox.backup.path)).toEqual([]);
  await cafe.start();
  await untilRestoring(sandbox, different);
  await cafe.kill();
  const orphans = processesOf('mongorestore', sandbox.backup.path);
  expect(orphans).toHaveLength(1);
  await cafe.start();
  const { run } = await cafe.until('the run ends', hasEnded, runWithin);
  expect(run?.status, run?.reason).toBe('succeeded');
  expect(processesOf('mongorestore', sandbox.backup.path)).toEqual([]);
  expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
  await endDaemon(cafe);
  expect(journalled(cafe.journal, 'run.started')).toHaveLength(1);
  const ended = journalled(cafe.journal, 'child.ended').filter(({ outcome }) => outcome === 'ended-as-orphan');
  const planned = journalled(cafe.journal, 'child.planned').filter(({ tag }) => ended.some((one) => one.tag === tag));
  expect(planned.map(({ step }) => step)).toEqual([`restore-database:${different}`]);
});
