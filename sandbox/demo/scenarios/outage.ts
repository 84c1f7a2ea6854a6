import type { Stage } from '../stage.ts';
import type { Outcome } from './outcome.ts';
import { awaitRollback } from './rolled-back.ts';

/** The application is down, though its database is well. */
export async function outage(stage: Stage): Promise<Outcome> {
  const faultAt = Date.now();
  await stage.sandbox.switchFault('outage');
  stage.say('fault: the application does not serve any more; the database is well');
  return { ...(await awaitRollback(stage)), faultAt };
}
