import type { FaultName } from '../../faults/fault.ts';
import type { Stage } from '../stage.ts';
import { readStatus } from '../status.ts';
import type { Outcome } from './outcome.ts';

const quietMs = 10_000;

/** Told, and nothing done: for a while longer, until the fault is mended and the oracle has looked. */
export async function nothingDone(
  { sandbox, config, say }: Stage,
  { fault, faultAt }: { readonly fault: FaultName; readonly faultAt: number },
): Promise<Outcome> {
  await new Promise((resolve) => setTimeout(resolve, quietMs));
  const status = await readStatus(config.socket);
  await sandbox.switchFault('none');
  say(`the fault "${fault}" is mended by hand`);
  const { findings } = await sandbox.oracle.judgeUntouched();
  const acted = status?.run ? [`${status.run.run} was begun`] : [];
  const untold = status?.incident ? [] : ['nobody was told'];
  if (acted.length === 0) say('nothing was done about it, and nothing was changed');
  return { amiss: [...acted, ...untold, ...findings], status, faultAt, perTenant: [] };
}
