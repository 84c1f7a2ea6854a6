import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from './ended-daemon.ts';
import { guard, hasEnded } from './guarded-cafe.ts';
import { poll } from './poll.ts';
import { versionServed } from './versions.ts';
import { nextWrittenStep } from './written-steps.ts';

/** The legacy database that is not what the backup holds. */
const different = 'superkafe_lestari';
const stepWithin = 120_000;
const takenWithin = 120_000;
const runWithin = 240_000;
const endsWithin = 60_000;

const changes = ({ root }: Sandbox) => ({ 'state.lockFolder': join(root, 'rollbackd', 'lock-of-another-host') });

/** Somebody works with the legacy system that they are back in. */
async function worksThere({ mongo }: Sandbox) {
  const client = await new MongoClient(mongo.adminUri).connect();
  const orders = client.db(different).collection<{ _id: string }>('orders');
  await orders.insertOne({ _id: 'written after the rollback' });
  return {
    isKept: async () => (await orders.countDocuments({ _id: 'written after the rollback' })) === 1,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

it('a daemon that stood still in mid-run, while another one took over and let users back in, does nothing more when it goes on', async () => {
  await using sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
  await using still = await guard(sandbox, { name: 'still' });
  void still.rollbackd('rollback', '--reason', 'to stand still');
  const known = new Set<string>();
  for (let step = ''; !step.startsWith('snapshot-legacy:'); known.add(step)) {
    step = (await nextWrittenStep(still.journal, known, stepWithin)) ?? expect.fail('the run is over');
  }
  still.daemon.kill('SIGSTOP');

  await using other = await guard(sandbox, { name: 'other', changes: changes(sandbox) });
  // Refused for as long as the lease of the one that stands still has not expired.
  const order = () => other.rollbackd('rollback', '--take-over', '--replace-live', '--reason', 'it stands still');
  await poll('it is taken over', async () => ((await order()).code === 0 ? true : undefined), takenWithin);
  const { run } = await other.until('the run ends', hasEnded, runWithin);
  expect(run?.status, run?.reason).toBe('succeeded');
  expect(await versionServed(sandbox)).toBe('legacy');

  await using work = await worksThere(sandbox);
  still.daemon.kill('SIGCONT');
  const ended = await still.until('its run ends', hasEnded, endsWithin);
  expect(ended.run).toMatchObject({ status: 'failed', reason: expect.stringContaining('another daemon') });
  expect(await work.isKept()).toBe(true);
  expect(await versionServed(sandbox)).toBe('legacy');
  await endDaemon(still);
  const restored = journalled(still.journal, 'step.succeeded').filter(
    ({ step }) => step === `restore-database:${different}`,
  );
  expect(restored).toEqual([]);
});
