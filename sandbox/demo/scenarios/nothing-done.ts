import type { FaultName } from '../../faults/fault.ts';
import { poll } from '../poll.ts';
import type { Stage } from '../stage.ts';
import { readStatus, type Status, untilStatus } from '../status.ts';
import type { Received } from '../webhook.ts';
import type { Outcome } from './outcome.ts';

const quietMs = 10_000;
const healedWithin = 120_000;
/** How the subject of a question ends. */
const asking = 'your approval is needed';

/** Told, and nothing done: for a while longer, until the fault is mended, the oracle has looked and the incident is over. */
export async function nothingDone(
  stage: Stage,
  { fault, faultAt }: { readonly fault: FaultName; readonly faultAt: number },
): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  await new Promise((resolve) => setTimeout(resolve, quietMs));
  const status = await readStatus(config.socket);
  await sandbox.switchFault('none');
  say(`the fault "${fault}" is mended by hand`);
  await untilStatus(config.socket, 'it is over', isOver, healedWithin);
  const amiss = await untouched(stage);
  if (amiss.length === 0) say('it is over; nothing was done about it, and nothing was changed');
  return { amiss, status, faultAt, perTenant: [] };
}

/** What was done although nothing was to be. */
export async function untouched({ sandbox, config }: Stage): Promise<readonly string[]> {
  const { findings } = await sandbox.oracle.judgeUntouched({ sameProcesses: true });
  const status = await readStatus(config.socket);
  return [...(status?.run ? [`${status.run.run} was begun`] : []), ...findings];
}

/** In the order in which people were asked. */
export const questionsIn = ({ webhook }: Stage): readonly Received[] =>
  webhook.received.filter(({ subject }) => subject.endsWith(asking));

export const wereAsked = (stage: Stage): boolean => questionsIn(stage).length > 0;

export const wereTold = ({ webhook }: Stage, words: string): boolean =>
  webhook.received.some(({ text }) => text.includes(words));

export async function untilTold(stage: Stage, words: string, withinMs: number): Promise<void> {
  const isTold = async () => wereTold(stage, words) || undefined;
  if (await poll(isTold, { everyMs: 200, withinMs })) return;
  throw new Error(`nobody was told "${words}" within ${withinMs / 1_000} s`);
}

export const isOver = ({ incident }: Status): boolean => incident === undefined || incident.status === 'closed';
