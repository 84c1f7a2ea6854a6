import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from './ended-daemon.ts';
import { guard, hasEnded } from './guarded-cafe.ts';
import { nextWrittenStep } from './written-steps.ts';

const stepWithin = 120_000;
const seenWithin = 60_000;
const runWithin = 240_000;

/** To a program, a limit on the size of files is a disk without room. It can be lifted again. */
const limitFiles = (pid: number, bytes: number | 'unlimited'): void =>
  void execFileSync('/usr/bin/prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

it('a disk that is full for a while in mid-run is no worse than a crash: the run goes on by itself to its end', async () => {
  await using sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
  await using cafe = await guard(sandbox, { name: 'full' });
  void cafe.rollbackd('rollback', '--reason', 'on a disk that fills');
  const known = new Set<string>();
  for (let step = ''; step !== 'snapshot-unified'; known.add(step)) {
    step = (await nextWrittenStep(cafe.journal, known, stepWithin)) ?? expect.fail('the run is over');
  }
  limitFiles(cafe.daemon.pid ?? 0, 1);
  await cafe.until('the journal takes nothing', ({ journal }) => !journal.writable, seenWithin);
  limitFiles(cafe.daemon.pid ?? 0, 'unlimited');
  const { run } = await cafe.until('the run ends', hasEnded, runWithin);
  expect(run?.status, run?.reason).toBe('succeeded');
  expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
  await endDaemon(cafe);
  expect(journalled(cafe.journal, 'run.interrupted')).toHaveLength(1);
  expect(journalled(cafe.journal, 'run.resumed').map(({ person }) => person)).toEqual([undefined]);
});
