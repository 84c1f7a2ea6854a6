import type { KnownBlock } from '@slack/web-api';
import { hashOf } from '../../../core/digest.ts';
import { formatDuration } from '../../../core/duration.ts';
import type { RunState } from '../../../incident/daemon-state.ts';
import type { Incident, IncidentIn } from '../../../incident/state.ts';
import { outlineOf, type PlanOutline } from '../../../model/plan-outline.ts';
import type { Verdict } from '../../../model/verdict.ts';
import type { Audience } from './audience.ts';
import { section, context as small, textLimit } from './blocks.ts';
import { answerButtons, snoozeButton } from './buttons.ts';
import { cutText, escapeText, literalText, moment } from './markup.ts';
import { questionText } from './question.ts';
import { inOrderBlocks, reasonBlocks } from './reasons.ts';
import { seenBlocks } from './seen.ts';
import { standingText } from './standing.ts';

/** How people answer: by the buttons; by the command line, where a press may reach nobody, or would, at present or ever. */
export type WayToAnswer = 'buttons' | 'buttons-doubtful' | 'buttons-lost' | 'command-line';

export interface CardContext extends Audience {
  readonly target: string;
  readonly way: WayToAnswer;
  /** The newest verdicts. */
  readonly seen?: readonly Verdict[] | undefined;
}

/** What an incident looks like in Slack. */
export interface Card {
  /** For notifications, and for whoever cannot see blocks. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

const headerLimit = 150;
/** Short of it, so that its bold ends. */
const standingLimit = 2_900;
const mostTenants = 30;
const mostReplaced = 20;

/** The same journal and the same verdicts give the same card: `now` only tells what is over. */
export function renderCard(incident: Incident, run: RunState | undefined, context: CardContext, now: number): Card {
  const { criterion = incident.criterion, tier = incident.tier } = incident.frozen?.decision ?? {};
  const title = `${context.target}: ${criterion} (${tier})`;
  const standing = standingText(incident, run, now);
  return {
    text: `${escapeText(title)}: ${standing}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cutText(title, headerLimit) } },
      section(`*${cutText(standing, standingLimit)}*`),
      ...tenants(incident),
      ...(incident.frozen ? reasonBlocks(incident.frozen.decision) : []),
      ...seenBlocks(incident, context.seen ?? []),
      ...planSection(incident, run),
      ...question(incident, context, now),
      ...(incident.frozen ? inOrderBlocks(incident.frozen.decision) : []),
      small(footText(incident, context)),
    ],
  };
}

/** Changes whenever anything on the card does. */
export const faceOf = (card: Card): string => hashOf(card).slice(0, 32);

/** Without its blocks, which Slack would not take: no buttons, and where to read how to answer. */
export const plainCard = ({ text }: Card): Card => ({
  text: `${cutText(text, textLimit)}\nSee \`rollbackd status\`, which says how to answer.`,
  blocks: [],
});

/** In a section of their own: however long a reason is, it takes no tenant's place. */
function tenants({ tenants }: Incident): KnownBlock[] {
  if (tenants.length === 0) return [];
  const named = tenants.slice(0, mostTenants).map(literalText).join(', ');
  const more = tenants.length > mostTenants ? ` and ${tenants.length - mostTenants} more` : '';
  return [section(`Tenants: ${named}${more}`)];
}

function planSection(incident: Incident, run: RunState | undefined): KnownBlock[] {
  const asked = 'request' in incident ? incident.request.plan : undefined;
  const plan = asked ?? (run?.plan.kind === 'rollback' ? outlineOf(run.plan) : undefined);
  return plan ? [section(planText(plan))] : [];
}

function planText({
  steps,
  expectedMs,
  legacyCommit,
  replaces,
  bringsIn,
  inUnified,
  forgoes,
  pointOfNoReturn,
}: PlanOutline): string {
  const shown = replaces.slice(0, mostReplaced);
  const lines = [
    `*Plan*: ${steps} steps, about ${formatDuration(expectedMs)}, back to \`${literalText(legacyCommit.slice(0, 12))}\``,
    ...(forgoes === undefined ? [] : [`• *NOT KEPT*: ${escapeText(forgoes)}`]),
    ...(inUnified
      ? [`• *IN THE UNIFIED DATABASE* \`${literalText(inUnified.database)}\`: ${escapeText(inUnified.effect)}`]
      : []),
    replaces.length === 0
      ? `• no ${inUnified ? 'other ' : ''}database is replaced`
      : `• replaced, after a snapshot: ${replaces.length === 1 ? 'one database' : `${replaces.length} databases`}`,
    ...shown.map(({ database, effect }) => `    ◦ \`${literalText(database)}\`: ${escapeText(effect)}`),
    ...(replaces.length > shown.length ? [`    ◦ and ${replaces.length - shown.length} more`] : []),
    ...(bringsIn.length > 0 ? [`• brought in from the backup: ${bringsIn.map(literalText).join(', ')}`] : []),
    ...(pointOfNoReturn
      ? [`• *irreversible* from \`${literalText(pointOfNoReturn.step)}\` on: ${escapeText(pointOfNoReturn.effect)}`]
      : []),
  ];
  return lines.join('\n');
}

function question(incident: Incident, context: CardContext, now: number): KnownBlock[] {
  const { target, way } = context;
  if (incident.status === 'open') return way === 'command-line' ? [] : [snoozeButton(incident.id)];
  if (incident.status !== 'awaiting-approval') return [];
  return [
    section(questionText(incident, context, now)),
    ...(way === 'buttons' ? [] : [section(`${insteadOfButtons[way]}: ${commandLine(incident)}`)]),
    ...(way === 'command-line' ? [] : [answerButtons(incident.request, target)]),
  ];
}

const insteadOfButtons = {
  'command-line': 'Answer on the command line',
  'buttons-doubtful':
    '*THE BUTTONS MAY DO NOTHING AT PRESENT*: where nothing follows a press, answer on the command line',
  'buttons-lost': '*THE BUTTONS DO NOTHING AT PRESENT*: answer on the command line',
} as const;

function commandLine({ id, request }: IncidentIn<'awaiting-approval'>): string {
  const named = `${escapeText(id)} --revision ${request.revision}`;
  return `\`rollbackd approve ${named}\` or \`rollbackd reject ${named} --reason ...\``;
}

function footText(incident: Incident, { way }: CardContext): string {
  const { id, frozen, openedAt } = incident;
  const revision = frozen ? `, revision ${frozen.revision}` : '';
  const isAsked = incident.status === 'awaiting-approval' && way === 'buttons';
  const cli = isAsked ? `. Without Slack: ${commandLine(incident)}` : '';
  return `${escapeText(id)}${revision}, opened ${moment(openedAt)}${cli}`;
}
