import type { Logger } from 'pino';
import { refuseUnlessCounts } from '../../commands/answer.ts';
import { catalogue } from '../../commands/catalogue.ts';
import type { Caller, CommandContext } from '../../commands/context.ts';
import type { CommandResult } from '../../commands/result.ts';
import { RollbackdError } from '../../core/errors.ts';
import type { Delivery } from '../../notify/channel.ts';
import { actionOf, type CardAction, type Pressed, pressedOf } from '../../notify/channels/slack/buttons.ts';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import type { Line } from '../../notify/channels/slack/line.ts';
import { escapeText } from '../../notify/channels/slack/markup.ts';
import type { SlackWeb } from '../../notify/channels/slack/web.ts';
import type { PeopleConfig, SlackDoorConfig } from '../schema.ts';
import { filledIn, reasonForm, sayWhy } from './form.ts';
import type { Groups } from './groups.ts';
import { wrongApp } from './hello.ts';
import { callerOf, isOfOurTeam, isOurs } from './identity.ts';
import { type Click, type Interaction, interaction, misshapen, type SentForm } from './interaction.ts';

export interface ReceiveDependencies {
  readonly settings: SlackDoorConfig;
  readonly web: () => SlackWeb;
  readonly groups: Groups;
  /** Asked anew for every click, so that a reload counts at once. */
  readonly context: () => CommandContext;
  readonly people: () => PeopleConfig;
  /** What somebody alone is told goes at Slack's pace. */
  readonly whispers: Line;
  /** The door is closed. */
  readonly signal: AbortSignal;
  readonly onWayIn: (delivery: Delivery) => void;
  readonly log: Pick<Logger, 'warn'>;
}

/** What Slack is told at once, and what is done after that. By then whatever was decided is in the journal. */
export interface Received {
  readonly acknowledgement?: object;
  readonly afterwards?: () => Promise<void>;
}

/** Takes what a person has done in Slack and makes it the command that it stands for. Never throws. */
export async function receive(dependencies: ReceiveDependencies, payload: unknown): Promise<Received> {
  const { settings, onWayIn, log } = dependencies;
  const read = interaction.safeParse(payload);
  if (!read.success) {
    const what = misshapen(payload, read.error);
    if (what) log.warn(what, 'a click of an unknown shape was ignored');
    return {};
  }
  const done = read.data;
  if (!isOurs(done, settings)) {
    log.warn({ team: done.team.id, app: done.api_app_id, user: done.user.id }, 'a click from elsewhere was refused');
    return isOfOurTeam(done, settings) ? ofWrongApp(dependencies, done) : {};
  }
  onWayIn({ outcome: 'delivered' });
  return done.type === 'view_submission' ? takeForm(dependencies, done) : takeClick(dependencies, done);
}

/** Everybody would press in vain: they are told, and so is whoever can mend it. */
function ofWrongApp(dependencies: ReceiveDependencies, done: Interaction): Received {
  const reason = wrongApp(done.api_app_id, dependencies.settings.appId);
  dependencies.onWayIn({ outcome: 'failed', reason, lasting: true });
  if (done.type !== 'block_actions') return {};
  const ear = { channel: done.container.channel_id, user: done.user.id };
  return whispered(dependencies, ear, `Not done: ${reason}. Meanwhile: \`rollbackd approve\` or \`reject\`.`);
}

async function takeClick(dependencies: ReceiveDependencies, click: Click): Promise<Received> {
  const [{ action_id, value } = { action_id: '' }] = click.actions;
  const action = actionOf(action_id);
  if (!action) return {};
  const ear = { channel: click.container.channel_id, user: click.user.id };
  const pressed = pressedOf(value);
  if (!pressed) return whispered(dependencies, ear, 'This button says nothing that rollbackd understands.');
  return answered(dependencies, ear, async (caller) => carryOut(dependencies, click, { action, pressed, caller }));
}

interface Wish {
  readonly action: CardAction;
  readonly pressed: Pressed;
  readonly caller: Caller;
}

async function carryOut(dependencies: ReceiveDependencies, click: Click, wish: Wish): Promise<Received> {
  const { action, pressed, caller } = wish;
  const context = dependencies.context();
  const ear = { channel: click.container.channel_id, user: click.user.id };
  const { incident } = pressed;
  if (action === 'snooze') {
    return confirmed(dependencies, ear, await catalogue.snooze.prepare({ incident }).execute(context, caller));
  }
  if (!('revision' in pressed)) return {};
  if (action === 'reject') {
    refuseUnlessCounts(context, caller, { incident, seen: pressed }, 'rejected');
    return { afterwards: () => openForm(dependencies, click, pressed) };
  }
  const result = await catalogue.approve.prepare({ incident, seen: pressed }).execute(context, caller);
  // That it is approved, the card tells everybody; what is missing, the one who pressed must know.
  return result.notes.length > 0 ? confirmed(dependencies, ear, result) : {};
}

/** The trigger lives for three seconds and works once. */
async function openForm(
  dependencies: ReceiveDependencies,
  { trigger_id, container, user }: Click,
  seen: Extract<Pressed, { revision: number }>,
): Promise<void> {
  const channel = container.channel_id;
  try {
    await dependencies.web().views.open({ trigger_id, view: reasonForm(seen, channel) });
  } catch (error) {
    const order = `rollbackd reject ${seen.incident} --revision ${seen.revision} --reason ...`;
    const words = `The form could not be opened: ${failureOf(error).reason}. Press again, or \`${order}\`.`;
    await whisper(dependencies, { channel, user: user.id }, words);
  }
}

async function takeForm(dependencies: ReceiveDependencies, form: SentForm): Promise<Received> {
  const filled = filledIn(form);
  if (!filled) return {};
  const { memo, reason } = filled;
  if (reason === '') return { acknowledgement: sayWhy };
  const ear = { channel: memo.channel, user: form.user.id };
  return answered(dependencies, ear, async (caller) => {
    const command = catalogue.reject.prepare({ incident: memo.seen.incident, seen: memo.seen, reason });
    const result = await command.execute(dependencies.context(), caller);
    return result.notes.length > 0 ? confirmed(dependencies, ear, result) : {};
  });
}

interface Ear {
  readonly channel: string;
  readonly user: string;
}

/** A refusal is for the ears of whoever pressed. */
async function answered(
  dependencies: ReceiveDependencies,
  ear: Ear,
  act: (caller: Caller) => Promise<Received>,
): Promise<Received> {
  try {
    return await act(await callerOf(ear.user, dependencies.people(), dependencies.groups));
  } catch (error) {
    const next = error instanceof RollbackdError && error.remedy ? `\nNext: ${error.remedy}` : '';
    const reason = error instanceof Error ? error.message : String(error);
    return whispered(dependencies, ear, `Not done: ${reason}${next}`);
  }
}

const confirmed = (dependencies: ReceiveDependencies, ear: Ear, { text, notes }: CommandResult): Received =>
  whispered(dependencies, ear, [text, ...notes].join('\n'));

const whispered = (dependencies: ReceiveDependencies, ear: Ear, words: string): Received => ({
  afterwards: () => whisper(dependencies, ear, words),
});

/** Nobody waits for it, and the journal has it: but for being told to wait, it is tried once. */
async function whisper(dependencies: ReceiveDependencies, { channel, user }: Ear, words: string): Promise<void> {
  const { web, whispers, signal, log } = dependencies;
  try {
    await whispers.call(() => web().chat.postEphemeral({ channel, user, text: escapeText(words) }), signal);
  } catch (error) {
    log.warn({ user, reason: failureOf(error).reason }, 'somebody could not be told what became of their click');
  }
}
