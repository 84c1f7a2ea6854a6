import type { FaultName } from '../../faults/fault.ts';
import type { Stage } from '../stage.ts';
import { type Status, untilStatus } from '../status.ts';
import { nothingDone, questionsIn, untilTold } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';

const askedWithin = 120_000;
const backWithin = 120_000;

/** What people are asked about, once and no more, and nobody answers. */
interface Question {
  readonly fault: FaultName;
  readonly what: string;
  readonly criterion: string;
  readonly tier: 'severe' | 'moderate';
  /** What the question must say. */
  readonly diagnosis: string;
}

/** Up and down in turn: the question is withdrawn and stands again, and nobody is asked a second time. */
export async function flap(stage: Stage): Promise<Outcome> {
  const question: Question = {
    fault: 'flap',
    what: 'fault: the application is down for 9 s and up for 16 s, in turn',
    criterion: 'error-rate-severe',
    tier: 'severe',
    diagnosis: 'requests failed',
  };
  return await askedOnce(stage, question, () => untilTold(stage, 'the question stands', backWithin));
}

/** Nobody can log in, and whoever has done so is served. */
export async function login(stage: Stage): Promise<Outcome> {
  return await askedOnce(stage, {
    fault: 'login',
    what: 'fault: nobody can log in any more, and all others are served',
    criterion: 'feature-breakage',
    tier: 'moderate',
    diagnosis: 'the journey log in fails',
  });
}

/** One route fails for everybody, and so few ask for it that the application as a whole seems well. */
export async function feature(stage: Stage): Promise<Outcome> {
  return await askedOnce(stage, {
    fault: 'feature',
    what: 'fault: the units, one request in 25, fail for all tenants',
    criterion: 'feature-breakage',
    tier: 'moderate',
    diagnosis: '/api/units',
  });
}

/** Everything fails for a moment, again and again. */
export async function burst(stage: Stage): Promise<Outcome> {
  return await askedOnce(stage, {
    fault: 'burst',
    what: 'fault: every request fails for 0.3 s of every 4 s',
    criterion: 'error-rate-moderate',
    tier: 'moderate',
    diagnosis: 'requests failed',
  });
}

export async function askedOnce(
  stage: Stage,
  { fault, what, criterion, tier, diagnosis }: Question,
  goesOn: () => Promise<void> = async () => {},
): Promise<Outcome> {
  const { sandbox, config, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(what);
  const isAsked = ({ incident, decision }: Status) =>
    incident?.status === 'awaiting-approval' && decision?.criterion === criterion && decision.tier === tier;
  const { decision } = await untilStatus(config.socket, `people are asked about ${criterion}`, isAsked, askedWithin);
  for (const reason of decision?.reasonsFor ?? []) say(`  + ${reason}`);
  await goesOn();
  const outcome = await nothingDone(stage, { fault, faultAt });
  const questions = questionsIn(stage);
  const times = questions.length === 1 ? [] : [`people were asked ${questions.length} times instead of once`];
  const untold = questions.some(({ text }) => text.includes(diagnosis)) ? [] : [`no question said "${diagnosis}"`];
  if (times.length === 0) say('people were asked once');
  return { ...outcome, amiss: [...outcome.amiss, ...times, ...untold] };
}
