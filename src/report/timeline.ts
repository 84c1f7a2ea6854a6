import { formatDuration } from '../core/duration.ts';
import type { Decision } from '../model/decision.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { DecisionRecord } from './decision-record.ts';
import { instantInWords } from './measure-in-words.ts';

/** What happened, in words; what is only bookkeeping is left out. */
export const timelineOf = (events: readonly JournalEvent[]): DecisionRecord['timeline'] =>
  events.flatMap(({ at, body }) => {
    const what = inWords(body);
    return what === undefined ? [] : [{ at, what }];
  });

function inWords(body: EventBody): string | undefined {
  switch (body.kind) {
    case 'incident.opened':
      return `opened for ${body.criterion} (${body.tier})`;
    case 'incident.decided':
      return `decided (revision ${body.revision}): ${courseInWords(body.decision)}`;
    case 'approval.requested':
      return `people were asked${body.deadline === undefined ? '' : `, until ${instantInWords(body.deadline)}`}`;
    case 'approval.answered':
      return `${body.person} (${body.role}) said ${body.answer === 'approved' ? 'yes' : 'no'}${because(body.reason)}`;
    case 'approval.refused':
      return `${body.person} could not answer${because(body.reason)}`;
    case 'incident.snoozed':
      return `${body.person} wanted no reminder until ${instantInWords(body.until)}`;
    case 'incident.withdrawn':
      return `withdrawn${because(body.reason)}`;
    case 'incident.closed':
      return `closed as ${body.outcome}${because(body.reason)}`;
    case 'containment.released':
      return `${body.person} released the application${because(body.reason)}`;
    default:
      return runInWords(body);
  }
}

function runInWords(body: EventBody): string | undefined {
  switch (body.kind) {
    case 'run.started':
      return `${body.plan.kind} ${body.run} began, on the word of ${onWhoseWord(body.authority)}`;
    case 'run.finished':
      return `${body.run} ${body.outcome}${body.outcome === 'failed' ? because(body.reason) : ''}`;
    case 'run.put-back':
      return `what ${body.run} had stopped was put back as it was before`;
    case 'run.interrupted':
      return `${body.run} was cut off${because(body.reason)}`;
    case 'run.resumed':
      return `${body.run} was resumed${body.person === undefined ? '' : ` by ${body.person}`}`;
    case 'run.acknowledged':
      return `${body.person} acknowledged ${body.run}`;
    case 'step.failed':
      return `step ${body.step} failed after ${formatDuration(body.tookMs)}: ${body.message}`;
    case 'watch.started':
      return `watched until ${instantInWords(body.until)}`;
    case 'watch.found':
      return `found in the watch: ${body.finding}`;
    case 'watch.closed':
      return 'the watch ended';
    default:
      return undefined;
  }
}

type Authority = Extract<EventBody, { kind: 'run.started' }>['authority'];

function onWhoseWord(authority: Authority): string {
  if (authority.by === 'daemon') return 'rollbackd itself';
  return authority.by === 'person' ? authority.person : authority.people.join(' and ');
}

const because = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : `: ${reason}`);

const courses: Readonly<Record<Decision['action'], string>> = {
  none: 'nothing',
  hold: 'tell people, and do nothing',
  page: 'ask people',
  contain: 'stop the application first',
  rollback: 'roll back',
};

export function courseInWords({ action, next }: Pick<Decision, 'action' | 'next'>): string {
  if (next === undefined) return courses[action];
  return `${courses[action]}, then ${courses[next]}`;
}
