import { buttonsOf, type SlackMessage } from '../../servers/slack/message.ts';
import type { Slack } from '../../servers/slack.ts';
import { rollbackd } from '../program.ts';
import type { Stage } from '../stage.ts';
import { readStatus, type Status, untilStatus } from '../status.ts';
import { nothingDone } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';
import { awaitRollback } from './rolled-back.ts';

const askedWithin = 120_000;
const cardWithin = 30_000;
const pollEvery = 200;
const approve = 'rollbackd.approve';

/** Who presses the button in Slack. */
export type Presser = 'engineering-manager' | 'nobody';

/** A severe breach: people are asked, and one of them says yes (or somebody tries to who may not). */
export async function paged(stage: Stage, fault: 'slow' | 'errors', presser: Presser): Promise<Outcome> {
  const { sandbox, config, slack, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(fault === 'slow' ? 'fault: every answer takes half a second longer' : 'fault: three of ten requests fail');
  const asked = await untilStatus(config.socket, 'people are asked', isAsked, askedWithin);
  say(`people are asked about ${asked.incident?.id}${slack ? `: ${slack.pageUrl}` : ''}`);
  if (!slack && presser === 'nobody')
    return { amiss: ['there is no Slack to press a button in'], status: asked, perTenant: [] };
  if (!slack) return { ...(await approvedByCommandLine(stage, asked)), faultAt };
  if (presser === 'nobody') return await refused(stage, slack, { fault, faultAt });
  return { ...(await approvedInSlack(stage, slack)), faultAt };
}

async function approvedInSlack(stage: Stage, slack: Slack): Promise<Outcome> {
  const { config, say } = stage;
  const isTaken = async () => (await readStatus(config.socket))?.incident?.status !== 'awaiting-approval';
  const card = await pressApprove(slack, slack.people.engineeringManager, isTaken);
  say('the engineering manager has pressed Approve');
  const outcome = await awaitRollback(stage);
  const thread = await slack.replies(card.ts);
  return { ...outcome, thread: thread.map(({ text }) => text ?? '') };
}

/** As a person would: where the question has moved on meanwhile, the button is pressed again as it is then. */
async function pressApprove(slack: Slack, user: string, isDone: () => Promise<boolean>): Promise<SlackMessage> {
  const deadline = performance.now() + cardWithin;
  let pressed: Question | undefined;
  for (;;) {
    const question = await questionIn(slack);
    if (question && question.value !== pressed?.value) {
      await slack.press({ user, ts: question.card.ts, actionId: approve });
      pressed = question;
    }
    if (pressed && (await isDone())) return pressed.card;
    if (performance.now() > deadline) throw new Error('pressing Approve came to nothing');
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}

interface Question {
  readonly card: SlackMessage;
  /** What its button carries. */
  readonly value: string | undefined;
}

async function questionIn(slack: Slack): Promise<Question | undefined> {
  for (const card of [...(await slack.messages())].reverse()) {
    const button = buttonsOf(card).find(({ action_id }) => action_id === approve);
    if (button) return { card, value: button.value };
  }
  return undefined;
}

async function approvedByCommandLine(stage: Stage, { incident }: Status): Promise<Outcome> {
  const { config, say } = stage;
  const question = [incident?.id ?? '', '--revision', String(incident?.revision)];
  const { code, output } = await rollbackd('approve', ...question, '--socket', config.socket);
  if (code !== 0) return { amiss: [`the approval was refused: ${output.trim()}`], status: undefined, perTenant: [] };
  say(`the engineering manager has given the command: rollbackd approve ${question.join(' ')}`);
  return await awaitRollback(stage);
}

/** Nothing happens, and whoever pressed is told who may. */
async function refused(
  stage: Stage,
  slack: Slack,
  about: { readonly fault: 'slow' | 'errors'; readonly faultAt: number },
): Promise<Outcome> {
  const { say } = stage;
  const user = slack.people.nobody;
  const isRefused = async () => saysWhoMay(await slack.whispers(user));
  await pressApprove(slack, user, isRefused);
  say('somebody without a role has pressed Approve');
  const refusals = await slack.whispers(user);
  say(`they alone are told: ${refusals.at(-1)?.text ?? 'nothing'}`);
  const done = await nothingDone(stage, about);
  return saysWhoMay(refusals) ? done : { ...done, amiss: [...done.amiss, 'the clicker was not told who may approve'] };
}

const isAsked = ({ incident }: Status): boolean => incident?.status === 'awaiting-approval';

const saysWhoMay = (refusals: readonly SlackMessage[]): boolean =>
  refusals.some(({ text = '' }) => text.includes('engineering-manager') && text.includes('technical-lead'));
