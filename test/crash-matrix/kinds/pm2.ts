import { endProcess } from '../../../sandbox/workspace/end-process.ts';
import { processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import type { ActionName } from '../../../src/model/plan.ts';
import type { FaultKind, Ground } from '../case.ts';
import { untilThere } from '../moments.ts';

/** They ask pm2, or have it do something. */
const asking: readonly string[] = [
  'check-target',
  'stop-application',
  'prove-fence',
  'start-application',
  'await-liveness',
] satisfies ActionName[];

/** kill -9 of pm2's daemon; the owner starts it again once the run has come to rest. */
export const killPm2: FaultKind = {
  name: 'kill-pm2',
  places: (score) =>
    score.filter(({ action }) => asking.includes(action)).map(({ id: step }) => ({ when: 'inside', step })),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { control } = ground.sandbox.pm2;
    const apps = await control.list().catch(() => []);
    control.kill();
    return {
      hit: met,
      mend: () =>
        startAgain(
          ground,
          apps.map(({ pid }) => pid),
        ),
    };
  },
};

/** As the text says: what runs without pm2 is ended by hand, then pm2 is started as it was. */
async function startAgain({ sandbox: { pm2 } }: Ground, pids: readonly (number | undefined)[]): Promise<void> {
  if (pm2.control.daemonPid() !== undefined) return;
  const alive = pids.flatMap((pid) => (pid && processIdentity(pid)) || []);
  await Promise.all(alive.map((process) => endProcess(process)));
  await pm2.control.start(pm2.ecosystemFile);
}
