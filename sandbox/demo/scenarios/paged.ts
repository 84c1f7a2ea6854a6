import { buttonsOf, type SlackMessage } from '../../servers/slack/message.ts';
import type { Slack } from '../../servers/slack.ts';
import type { Stage } from '../stage.ts';
import { type Status, untilStatus } from '../status.ts';
import { nothingDone } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';
import { awaitRollback } from './rolled-back.ts';

const askedWithin = 120_000;
const cardWithin = 30_000;
const pollEvery = 200;

/** Who presses the button in Slack. */
export type Presser = 'engineering-manager' | 'nobody';

/** A severe breach: people are asked in Slack, and one of them presses the button. */
export async function paged(stage: Stage, fault: 'slow' | 'errors', presser: Presser): Promise<Outcome> {
  const { sandbox, config, slack, say } = stage;
  if (!slack) return { amiss: ['nobody can be asked: there is no Slack'], status: undefined, perTenant: [] };
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(fault === 'slow' ? 'fault: every answer takes half a second longer' : 'fault: three of ten requests fail');
  const asked = await untilStatus(config.socket, 'people are asked', isAsked, askedWithin);
  say(`people are asked about ${asked.incident?.id}: ${slack.pageUrl}`);
  const card = await cardWith(slack, 'rollbackd.approve');
  const user = presser === 'nobody' ? slack.people.nobody : slack.people.engineeringManager;
  await slack.press({ user, ts: card.ts, actionId: 'rollbackd.approve' });
  if (presser === 'nobody') {
    say('somebody without a role has pressed Approve');
    const refusals = await refusalsTo(slack, user);
    say(`they alone are told: ${refusals.at(-1)?.text ?? 'nothing'}`);
    const done = await nothingDone(stage, { fault, faultAt });
    return saysWhoMay(refusals)
      ? done
      : { ...done, amiss: [...done.amiss, 'the clicker was not told who may approve'] };
  }
  say('the engineering manager has pressed Approve');
  const outcome = await awaitRollback(stage);
  const thread = await slack.replies(card.ts);
  return { ...outcome, faultAt, thread: thread.map(({ text }) => text ?? '') };
}

const isAsked = ({ incident }: Status): boolean => incident?.status === 'awaiting-approval';

async function cardWith(slack: Slack, actionId: string): Promise<SlackMessage> {
  const deadline = performance.now() + cardWithin;
  for (;;) {
    const cards = await slack.messages();
    const found = cards.findLast((message) => buttonsOf(message).some((button) => button.action_id === actionId));
    if (found) return found;
    if (performance.now() > deadline) throw new Error('no message with a button to approve has come');
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}

const saysWhoMay = (refusals: readonly SlackMessage[]): boolean =>
  refusals.some(({ text = '' }) => text.includes('engineering-manager') && text.includes('technical-lead'));

async function refusalsTo(slack: Slack, user: string): Promise<readonly SlackMessage[]> {
  const deadline = performance.now() + cardWithin;
  for (;;) {
    const whispers = await slack.whispers(user);
    if (whispers.length > 0 || performance.now() > deadline) return whispers;
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}
