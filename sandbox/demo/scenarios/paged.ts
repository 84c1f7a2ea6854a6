import { buttonsOf, type SlackButton, type SlackMessage } from '../../servers/slack/message.ts';
import type { Slack } from '../../servers/slack.ts';
import type { DaemonConfig } from '../daemon-config.ts';
import { poll } from '../poll.ts';
import { rollbackd } from '../program.ts';
import type { Stage } from '../stage.ts';
import { glanceAtStatus, type Status, untilStatus } from '../status.ts';
import { nothingDone } from './nothing-done.ts';
import type { Outcome } from './outcome.ts';
import { awaitRollback } from './rolled-back.ts';

const askedWithin = 120_000;
const begunWithin = 60_000;
const toldWithin = 90_000;
/** Of a rollback that succeeded. */
const lastWords = 'the watch is over';
const pollEvery = 200;
const approve = 'rollbackd.approve';

/** Who presses the button in Slack. */
export type Presser = 'engineering-manager' | 'nobody';

/** A severe breach: people are asked, and one of them says yes (or somebody tries to who may not). */
export async function paged(stage: Stage, fault: 'slow' | 'errors', presser: Presser): Promise<Outcome> {
  const { sandbox, config, slack, say } = stage;
  const faultAt = Date.now();
  await sandbox.switchFault(fault);
  say(fault === 'slow' ? 'fault: every answer takes 600 to 900 ms longer' : 'fault: three of ten requests fail');
  const asked = await untilStatus(config.socket, 'people are asked', isAsked, askedWithin);
  say(`people are asked about ${asked.incident?.id}${slack ? `: ${slack.pageUrl}` : ''}`);
  if (!slack && presser === 'nobody')
    return { amiss: ['there is no Slack to press a button in'], status: asked, perTenant: [] };
  if (!slack) return { ...(await approvedByCommandLine(stage)), faultAt };
  if (presser === 'nobody') return await refused(stage, slack, { fault, faultAt });
  return { ...(await approvedInSlack(stage, slack)), faultAt };
}

async function approvedInSlack(stage: Stage, slack: Slack): Promise<Outcome> {
  const { config, say } = stage;
  const card = await pressApprove(slack, slack.people.engineeringManager, () => hasBegun(config));
  say('the engineering manager has pressed Approve');
  const outcome = await awaitRollback(stage);
  const isWhole = await poll(async () => (isToldToTheEnd(await threadOf(slack, card)) ? true : undefined), {
    everyMs: pollEvery,
    withinMs: toldWithin,
  });
  const cut = isWhole ? [] : ['the thread in Slack does not come to its end'];
  return { ...outcome, amiss: [...outcome.amiss, ...cut], thread: await threadOf(slack, card) };
}

const threadOf = async (slack: Slack, card: SlackMessage): Promise<readonly string[]> =>
  (await slack.replies(card.ts)).map(({ text }) => text ?? '');

/** Slack takes about one message a second: a quick rollback is over before it has been told. */
const isToldToTheEnd = (thread: readonly string[]): boolean => thread.some((text) => text.includes(lastWords));

async function pressApprove(slack: Slack, user: string, isDone: () => Promise<boolean>): Promise<SlackMessage> {
  const press = async ({ card, button }: Question) => {
    await slack.press({ user, ts: card.ts, actionId: approve, button });
    return undefined;
  };
  return (await answered(() => questionIn(slack), press, isDone)).card;
}

/** Between two revisions of a question the incident is open; what is approved has not begun. */
const notBegun = ['open', 'awaiting-approval', 'approved'];

async function hasBegun({ socket }: DaemonConfig): Promise<boolean> {
  const incident = (await glanceAtStatus(socket))?.incident;
  return incident !== undefined && !notBegun.includes(incident.status);
}

interface Asked {
  /** What an answer is bound to. */
  readonly value: string;
}

/** As a person would: what was refused, or has moved on meanwhile, is answered again as it is then. `answer`: why it does not count. */
async function answered<Q extends Asked>(
  read: () => Promise<Q | undefined>,
  answer: (question: Q) => Promise<string | undefined>,
  isDone: () => Promise<boolean>,
): Promise<Q> {
  let given: Q | undefined;
  let refusal: string | undefined;
  const settled = async () => {
    const question = await read();
    if (question && question.value !== given?.value) {
      refusal = await answer(question);
      if (refusal === undefined) given = question;
    }
    return given && (await isDone()) ? given : undefined;
  };
  const found = await poll(settled, { everyMs: pollEvery, withinMs: begunWithin });
  if (!found) throw new Error(`saying yes came to nothing: ${refusal ?? 'nothing followed'}`);
  return found;
}

interface Question extends Asked {
  readonly card: SlackMessage;
  /** As it was read: it may be another one before it is pressed. */
  readonly button: SlackButton;
}

async function questionIn(slack: Slack): Promise<Question | undefined> {
  for (const card of [...(await slack.messages())].reverse()) {
    const button = buttonsOf(card).find(({ action_id }) => action_id === approve);
    if (button) return { card, button, value: button.value ?? '' };
  }
  return undefined;
}

async function approvedByCommandLine(stage: Stage): Promise<Outcome> {
  const { config, say } = stage;
  const give = async ({ value, words }: Order): Promise<string | undefined> => {
    const { code, output } = await rollbackd(...words, '--socket', config.socket);
    if (code !== 0) return output.trim();
    say(`the engineering manager has given the command: rollbackd ${value}`);
    say(`  ${output.trim()}`);
    return undefined;
  };
  await answered(
    () => orderFor(config),
    give,
    () => hasBegun(config),
  );
  return await awaitRollback(stage);
}

interface Order extends Asked {
  readonly words: readonly string[];
}

async function orderFor({ socket }: DaemonConfig): Promise<Order | undefined> {
  const incident = (await glanceAtStatus(socket))?.incident;
  if (incident?.status !== 'awaiting-approval') return undefined;
  const words = ['approve', incident.id, '--revision', String(incident.revision)];
  return { words, value: words.join(' ') };
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
