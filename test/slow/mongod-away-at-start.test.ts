import { expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from './ended-daemon.ts';
import { guard, hasEnded } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { versionServed } from './versions.ts';
import { nextWrittenStep } from './written-steps.ts';

const stepWithin = 120_000;
const runWithin = 240_000;
const waits = 'an interrupted run waits for the legacy server';

it.each([
  ['is down', 'standalone'],
  ['is down, and one of a replica set that must elect itself first', 'replicaSet'],
] as const)(
  'a run goes on by itself where mongod %s at the start after a kill and comes back later',
  async (_, mongo) => {
    await using sandbox = await startSandbox({ temperament: 'tidy', mongo, tenants: 3, documents: 600 });
    await using cafe = await guard(sandbox, { name: 'away' });
    void cafe.rollbackd('rollback', '--reason', 'to be killed');
    const seen = new Set<string>();
    for (let step: string | undefined = ''; step !== 'snapshot-unified'; seen.add(step)) {
      step = await nextWrittenStep(cafe.journal, seen, stepWithin);
      if (step === undefined) throw new Error('the run has ended');
    }
    await cafe.kill();
    await sandbox.mongo.server.stop();
    await cafe.start();
    const told = () => cafe.told.filter(({ subject }) => subject.includes(waits));
    await poll('people are told', async () => told()[0], stepWithin);
    expect((await cafe.status())?.run?.status).toBe('interrupted');
    expect(await versionServed(sandbox)).toBe('503');
    await sandbox.mongo.server.restart();
    const { run } = await cafe.until('the run ends', hasEnded, runWithin);
    expect(run?.status, run?.reason).toBe('succeeded');
    expect(told()).toHaveLength(1);
    expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
    await endDaemon(cafe);
    expect(journalled(cafe.journal, 'run.resumed')).toMatchObject([{ run: run?.run }]);
  },
);
