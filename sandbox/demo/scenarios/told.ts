import type { FaultName } from '../../faults/fault.ts';
import type { Stage } from '../stage.ts';
import { readStatus, type Status, untilStatus } from '../status.ts';
import { nothingDone } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';

const toldWithin = 120_000;
const healedWithin = 120_000;
/** Long enough that people are asked, and over before anybody has answered. */
const transientMs = 20_000;
/** How the subject of a question ends. */
const asking = 'your approval is needed';

/** The database server is gone: a rollback would not help, so that people are told why, and none is offered. */
export async function dbdown(stage: Stage): Promise<Outcome> {
  return await told(stage, 'dbdown', 'fault: the database server is gone', isHeld);
}

/** One tenant's requests all fail: no reason to take everybody back. */
export async function oneTenant(stage: Stage): Promise<Outcome> {
  return await told(stage, 'one-tenant', 'fault: every request of one tenant fails', isHeld);
}

async function told(stage: Stage, fault: FaultName, what: string, isTold: (seen: Status) => boolean): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(what);
  const seen = await untilStatus(config.socket, 'people are told', isTold, toldWithin);
  for (const reason of seen.decision?.reasonsFor ?? []) say(`  ${reason}`);
  const outcome = await nothingDone(stage, { fault, faultAt });
  await untilStatus(config.socket, 'it is over', isOver, healedWithin);
  const asked = wereAsked(stage);
  say(asked ? 'people were asked for a rollback' : 'it is over, and nobody was ever asked for a rollback');
  return { ...outcome, amiss: [...outcome.amiss, ...(asked ? ['people were asked for a rollback'] : [])] };
}

/** Errors that end by themselves: people are asked, and the question is withdrawn. */
export async function transient(stage: Stage): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault('transient', { lasts: transientMs });
  say(`fault: requests fail, for ${transientMs / 1_000} seconds`);
  const asked = await untilStatus(config.socket, 'people are asked', (seen) => seen.incident !== undefined, toldWithin);
  say(`people are asked about ${asked.incident?.id}`);
  await untilStatus(config.socket, 'the question is withdrawn', isOver, healedWithin);
  say('it has healed: the question is withdrawn, and nothing was done');
  const status = await readStatus(config.socket);
  await sandbox.switchFault('none');
  const { findings } = await sandbox.oracle.judgeUntouched();
  const acted = status?.run ? [`${status.run.run} was begun`] : [];
  const unasked = wereAsked(stage) ? [] : ['nobody was asked'];
  return { amiss: [...acted, ...unasked, ...findings], status, faultAt, perTenant: [] };
}

const wereAsked = ({ webhook }: Stage): boolean => webhook.received.some(({ subject }) => subject.endsWith(asking));
const isHeld = ({ decision, incident }: Status): boolean => decision?.action === 'hold' && incident !== undefined;
const isOver = ({ incident }: Status): boolean => incident === undefined || incident.status === 'closed';
