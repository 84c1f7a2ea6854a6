import { formatDuration } from '../core/duration.ts';
import { notOffered } from './course.ts';
import { flappingWithin } from './damping.ts';
import type { Outlook } from './outlook.ts';
import type { Incident } from './state.ts';
import { backText, sentence, summary } from './summary.ts';
import { minute } from './tell.ts';

/** Half as often with each return, down to once in the stated time: who is called for each return stops listening. */
export const paceOf = ({ returns }: Incident, outlook: Outlook) => ({
  every: returns > 0 ? Math.min(10 * minute * 2 ** returns, flappingWithin(outlook)) : 10 * minute,
  now: outlook.now,
});

export function stillWaiting(incident: Incident, { now, decision }: Outlook, since: number) {
  const why = incident.status === 'awaiting-approval' ? notOffered(decision) : undefined;
  const back = backText(incident);
  const text = [
    `Nobody has settled it for ${formatDuration(now - since)}.`,
    ...(back === undefined ? [] : [sentence(back)]),
    ...(why === undefined ? [] : [notOfferedText(why)]),
    summary(incident),
  ].join('\n');
  return { subject: `${incident.id}: still waiting`, text, urgency: 'alarmed' } as const;
}

export const notOfferedText = (reason: string): string =>
  `A rollback would not help at the moment, so that no yes is taken: ${reason}.`;
