import type { Stage } from '../stage.ts';
import type { Outcome } from './outcome.ts';
import { awaitRollback } from './rolled-back.ts';

const leakWithin = 30_000;
const containedWithin = 25_000;

/** One café is shown the menu of another. */
export async function leak(stage: Stage): Promise<Outcome> {
  const { sandbox, say } = stage;
  await using clock = await sandbox.oracle.startLeakClock();
  const faultAt = Date.now();
  await sandbox.switchFault('leak');
  say('fault: menus are kept by path, and the tenant is not part of the path');
  await clock.leaked(AbortSignal.timeout(leakWithin));
  say('the first customer has been shown a menu of another café');
  const contained = await clock.contained(AbortSignal.timeout(containedWithin)).catch(() => undefined);
  if (!contained) {
    const amiss = ['nobody stopped the leak'];
    return { amiss, status: undefined, faultAt, leak: clock.times(), perTenant: [] };
  }
  say('the oracle sees it contained: no listener, no connection, the maintenance answer');
  return { ...(await awaitRollback(stage)), faultAt, leak: clock.times() };
}
