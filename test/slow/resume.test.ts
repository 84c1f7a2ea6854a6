import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { StatusView } from '../../src/doors/socket/client.ts';
import { guard } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { versionServed } from './versions.ts';

const seenWithin = 120_000;
const runWithin = 240_000;
/** The legacy database that is not what the backup holds. */
const different = 'superkafe_lestari';

/** The real mongorestore, which fails for one database as long as a file lies beside it. */
async function writeUnreliableRestore({ root, tools }: Sandbox): Promise<{ program: string; cause: string }> {
  const program = join(root, 'unreliable-mongorestore');
  const cause = `${program}.cause`;
  const fails = `echo "Failed: ${different}.orders: connection lost" >&2; exit 1`;
  const lines = [`case "$*" in *${different}*) [ -e '${cause}' ] && { ${fails}; };; esac`];
  await writeFile(program, ['#!/bin/sh', ...lines, `exec '${tools.mongorestore.path}' "$@"`, ''].join('\n'));
  await chmod(program, 0o755);
  await writeFile(cause, '');
  return { program, cause };
}

const failedStep = ({ run }: StatusView) => run?.steps.find(({ status }) => status === 'failed');

it('a step that fails stops the run and keeps traffic off, people are told, and `resume` finishes it', async () => {
  await using sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
  const { program, cause } = await writeUnreliableRestore(sandbox);
  await using cafe = await guard(sandbox, { name: 'resume', changes: { 'mongo.tools.mongorestore': program } });
  const armed = await cafe.rollbackd('arm', '--reason', 'test');
  expect(armed.code, armed.output).toBe(0);
  await sandbox.switchFault('leak');

  const hasFailed = ({ incident }: StatusView) => incident?.status === 'rollback-failed';
  const failed = await cafe.until('the rollback has failed', hasFailed, runWithin);
  expect(failedStep(failed)).toMatchObject({ id: `restore-database:${different}`, attempt: 1 });
  expect(failedStep(failed)?.failure?.message).toContain('connection lost');
  expect(failed.run?.steps.findLast(({ status }) => status !== 'waiting')?.id).toBe(failedStep(failed)?.id);
  expect(await versionServed(sandbox)).toBe('503');
  const isTold = async () =>
    cafe.told.find(({ subject, urgency }) => urgency === 'alarmed' && subject.includes('the rollback failed'));
  const told = await poll('people are told', isTold, seenWithin);
  expect(told.text).toContain(`restore-database:${different}`);

  const looks = await cafe.looks('health');
  await poll('more looks', async () => ((await cafe.looks('health')) > looks + 20 ? true : undefined), seenWithin);
  const later = await cafe.status();
  expect(later?.run).toEqual(failed.run);
  expect(await versionServed(sandbox)).toBe('503');

  await rm(cause);
  const resumed = await cafe.rollbackd('resume', '--wait');
  expect(resumed.code, resumed.output).toBe(0);
  const over = await cafe.until('the incident is closed', ({ incident }) => incident?.status === 'closed', seenWithin);
  expect(over.run).toMatchObject({ run: failed.run?.run, status: 'succeeded' });
  const attempts = over.run?.steps.filter(({ attempt }) => attempt > 1).map(({ id }) => id);
  expect(attempts).toContain(`restore-database:${different}`);
  expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
});
