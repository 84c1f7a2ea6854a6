import type { Decision } from '../model/decision.ts';
import type { Urgency } from '../model/urgency.ts';
import { courseOf } from './course.ts';
import { toldIn } from './news.ts';
import type { Incident } from './state.ts';

/** What was decided and why, for whoever reads of it first. */
export function summary({ frozen }: Incident): string {
  if (!frozen) return 'Nothing has been decided yet.';
  const { revision, decision } = frozen;
  return [
    `Decision ${revision}: ${courseText(decision)}`,
    ...sinceText(decision),
    ...decision.reasonsFor.map((reason) => `+ ${reason}`),
    ...decision.reasonsAgainst.map((reason) => `- ${reason}`),
    ...stopText(decision),
  ].join('\n');
}

export function courseText(decision: Decision): string {
  const stop = decision.action === 'contain' ? 'rollbackd stops the application at once; then ' : '';
  switch (courseOf(decision)) {
    case 'page':
      return `${stop}rollbackd asks people before it rolls back.`;
    case 'rollback':
      return `${stop}rollbackd rolls back by itself.`;
    default:
      return 'on hold. rollbackd does nothing and asks nobody.';
  }
}

const sinceText = (decision: Decision): string[] => {
  const since = toldIn(decision).flatMap((told) => (told.since === undefined ? [] : [told.since]));
  return since.length === 0 ? [] : [`Seen since ${timeText(Math.min(...since))}.`];
};

/** What has only begun goes on to a question or a rollback: whoever is at work on it can stop that. */
const stopText = (decision: Decision): string[] =>
  hasOnlyBegun(decision) ? ['To keep rollbackd from acting: `rollbackd pause --for 1h --reason ...`.'] : [];

const hasOnlyBegun = (decision: Decision): boolean =>
  courseOf(decision) === 'hold' && toldIn(decision).some(({ verdict }) => verdict === 'pending');

/** Trouble that has only begun and is not critical may pass, or be mended in time: it calls nobody away. */
export const urgencyOf = (decision: Decision): Urgency =>
  hasOnlyBegun(decision) && decision.tier !== 'critical' ? 'told' : 'alarmed';

/** How often the trouble has come back; `undefined` where it has not. */
export function backText({ returns, troubleSince }: Pick<Incident, 'returns' | 'troubleSince'>): string | undefined {
  return returns === 0 ? undefined : `back for the ${ordinal(returns)} time since ${timeText(troubleSince)}`;
}

export const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const ends: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const ordinal = (count: number): string => `${count}${ends[ordinals.select(count)] ?? 'th'}`;

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
