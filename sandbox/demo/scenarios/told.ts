import type { FaultName } from '../../faults/fault.ts';
import type { Stage } from '../stage.ts';
import { type Status, untilStatus } from '../status.ts';
import { isOver, nothingDone, untouched, wereAsked, wereTold } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';

const toldWithin = 120_000;
const healedWithin = 120_000;
/** Long enough that people are asked, and over before anybody has answered. */
const transientMs = 20_000;

/** The database server is gone: a rollback would not help, so that people are told why, and none is offered. */
export async function dbdown(stage: Stage): Promise<Outcome> {
  return await told(stage, {
    fault: 'dbdown',
    what: 'fault: the database server is gone',
    isFound: ({ verdicts }) => verdicts.some((each) => each.criterion === 'database-connection' && isBreach(each)),
    diagnosis: 'ask the database administrator',
  });
}

/** One tenant's requests all fail: no reason to take everybody back. */
export async function oneTenant(stage: Stage): Promise<Outcome> {
  const slug = stage.sandbox.tenants[0]?.slug ?? '';
  return await told(stage, {
    fault: 'one-tenant',
    what: `fault: every request of ${slug} fails`,
    isFound: ({ verdicts }) =>
      verdicts.some(({ exemptBecause, tenants }) => exemptBecause === 'one-tenant' && tenants.join() === slug),
    diagnosis: slug,
  });
}

interface Trouble {
  readonly fault: FaultName;
  readonly what: string;
  readonly isFound: (seen: Status) => boolean;
  /** What the message about it must say. */
  readonly diagnosis: string;
}

async function told(stage: Stage, { fault, what, isFound, diagnosis }: Trouble): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(what);
  const isTold = (seen: Status) => isHeld(seen) && isFound(seen);
  const { decision } = await untilStatus(config.socket, 'people are told', isTold, toldWithin);
  for (const reason of decision?.reasonsFor ?? []) say(`  + ${reason}`);
  for (const reason of decision?.reasonsAgainst.filter((each) => each.includes(diagnosis)) ?? []) say(`  - ${reason}`);
  const outcome = await nothingDone(stage, { fault, faultAt });
  const asked = wereAsked(stage) ? ['people were asked for a rollback'] : [];
  const untold = wereTold(stage, diagnosis) ? [] : [`no message said "${diagnosis}"`];
  if (asked.length === 0) say('nobody was ever asked for a rollback');
  return { ...outcome, amiss: [...outcome.amiss, ...asked, ...untold] };
}

/** Errors that end by themselves: people are asked, and the question is withdrawn. */
export async function transient(stage: Stage): Promise<Outcome> {
  const { sandbox, config, webhook, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault('transient', { lasts: transientMs });
  say(`fault: requests fail, for ${transientMs / 1_000} seconds`);
  const asked = await untilStatus(config.socket, 'people are asked', () => wereAsked(stage), toldWithin);
  say(`people are asked about ${asked.incident?.id}`);
  const status = await untilStatus(config.socket, 'the question is withdrawn', isOver, healedWithin);
  await sandbox.switchFault('none');
  const unsaid = webhook.received.some(({ subject }) => subject.endsWith('withdrawn'))
    ? []
    : ['nobody was told that the question is withdrawn'];
  const amiss = [...(await untouched(stage)), ...unsaid];
  if (amiss.length === 0) say('it has healed: the question is withdrawn, and nothing was done');
  return { amiss, status, faultAt, perTenant: [] };
}

const isBreach = ({ verdict }: Status['verdicts'][number]): boolean => verdict === 'breach';
const isHeld = ({ decision, incident }: Status): boolean => decision?.action === 'hold' && incident !== undefined;
