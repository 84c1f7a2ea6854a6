import type { Stage } from '../stage.ts';
import { readStatus, type Status, untilStatus } from '../status.ts';
import type { Outcome } from './outcome.ts';

const rollbackWithin = 240_000;
const watchWithin = 120_000;

/** From here on rollbackd is on its own: waits for the rollback and its watch, then lets the oracle judge. */
export async function awaitRollback(stage: Stage): Promise<Pick<Outcome, 'amiss' | 'status' | 'perTenant'>> {
  const { sandbox, config, say } = stage;
  const amiss: string[] = [];
  let status: Status | undefined;
  try {
    status = await untilStatus(config.socket, 'the rollback has ended', hasRollbackEnded, rollbackWithin);
    if (status.run?.status !== 'succeeded') throw new Error(`the rollback failed: ${status.run?.reason}`);
    say('the rollback is done; the watch goes on');
    status = await untilStatus(config.socket, 'the watch has ended', isOver, watchWithin);
  } catch (error) {
    amiss.push(error instanceof Error ? error.message : String(error));
  }
  status = (await readStatus(config.socket)) ?? status;
  const verdict = await sandbox.oracle.judgeRolledBack();
  return { amiss: [...amiss, ...verdict.findings], status, perTenant: verdict.perTenant };
}

const hasRollbackEnded = ({ run }: Status): boolean =>
  run?.kind === 'rollback' && (run.status === 'succeeded' || run.status === 'failed');

/** The run has succeeded, and its watch has been closed. */
const isOver = ({ incident, watch }: Status): boolean => watch === undefined && incident?.status === 'closed';
