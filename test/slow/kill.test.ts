import { readdirSync, readFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { EventBody, EventKind, EventOf } from '../../src/model/event.ts';
import { type GuardedCafe, guard, hasEnded } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { nextWrittenStep } from './written-steps.ts';

/** The legacy database that is not what the backup holds: replacing it is what may go wrong. */
const different = 'superkafe_lestari';
/** One that is not there: it is brought in while the application serves. */
const absent = 'superkafe_rindu';
const stopsWithin = 10_000;
const stepWithin = 60_000;
const runWithin = 240_000;

/** Everything that the daemon, which has ended, wrote down. */
function journalled<K extends EventKind>(journal: string, ...kinds: readonly K[]): EventOf<K>[] {
  using opened = openJournal({ file: journal, clock: systemClock });
  const isWanted = (body: EventBody): body is EventOf<K> => (kinds as readonly EventKind[]).includes(body.kind);
  return [...opened.read()].map(({ body }) => body).filter(isWanted);
}

async function endDaemon({ daemon }: GuardedCafe): Promise<void> {
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
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

describe('kill -9 of the daemon', () => {
  it('after every step.started: each time the next daemon goes on by itself, and in the end the oracle agrees', async () => {
    await using sandbox = await startSandbox({
      temperament: 'tidy',
      mongo: 'standalone',
      tenants: 5,
      documents: 1_500,
    });
    await using cafe = await guard(sandbox, { name: 'every-step' });
    const killedAt = new Set<string>();
    // It does not live to answer.
    void cafe.rollbackd('rollback', '--reason', 'to be killed');
    for (;;) {
      const step = await nextWrittenStep(cafe.journal, killedAt, stepWithin);
      if (step === undefined) break;
      killedAt.add(step);
      await cafe.kill();
      void cafe.start().catch(() => {});
    }
    const { run } = await cafe.until('the run ends', hasEnded, runWithin);
    expect(run?.status, run?.reason).toBe('succeeded');
    expect([...killedAt].sort()).toEqual(run?.steps.map(({ id }) => id).sort());
    expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
    await endDaemon(cafe);
    expect(journalled(cafe.journal, 'run.started')).toHaveLength(1);
    const succeeded = journalled(cafe.journal, 'step.succeeded').filter(({ attempt }) => attempt === 1);
    const interrupted = [...killedAt].filter((step) => !succeeded.some((each) => each.step === step));
    // A few steps are over before a signal can arrive.
    expect(interrupted.length).toBeGreaterThan(killedAt.size / 2);
  });

  it('while $currentOp shows the restore: the orphan is found and ended, the run finishes, and nothing is doubled; SIGTERM leaves no orphan at all', async () => {
    await using sandbox = await startSandbox({
      temperament: 'tidy',
      mongo: 'standalone',
      tenants: 5,
      documents: 300_000,
      fresh: true,
    });
    await using cafe = await guard(sandbox, { name: 'restore' });
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
});
