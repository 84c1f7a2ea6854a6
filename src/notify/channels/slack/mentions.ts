import { courseOf } from '../../../incident/course.ts';
import type { DaemonState, QueuedMessage } from '../../../incident/daemon-state.ts';
import type { Incident } from '../../../incident/state.ts';
import { identityOf, type Matter } from '../../../model/message-identity.ts';
import { leaders, type Role } from '../../../model/person.ts';
import { type Audience, ableToAnswer, groupMention, holders } from './audience.ts';

export interface Callable extends Audience {
  /** Names of those who are told when a deadline passes. */
  readonly escalation: readonly string[];
}

/** The incident that a message is about, or that its run belongs to. */
export function incidentOf({ incidents, runs }: DaemonState, message: string): Incident | undefined {
  const subject = identityOf(message);
  if (subject.about === 'daemon') return undefined;
  return incidents.get(subject.id) ?? incidents.get(runs.get(subject.id)?.incident ?? '');
}

/** Whether somebody should look up: a reply in a thread, or a card that changes, notifies nobody by itself. */
export function calls({ message, urgency }: QueuedMessage, incident: Incident | undefined): boolean {
  if (urgency !== 'asked' && urgency !== 'alarmed') return false;
  const { kind, of } = identityOf(message).topic;
  // The question follows at once, and calls those who can answer it.
  if (kind === 'once' && of.what === 'decided') return incident?.status !== 'awaiting-approval';
  return !aboutTheQuestion.includes(of.what) || isToBeAnswered(incident, of.revision);
}

/** What is decided, and what only wants an answer to it. */
const aboutTheQuestion: readonly Matter['what'][] = ['decided', 'asked', 'overdue', 'no-plan'];

/** A message may come late; and what rollbackd only watches is called out once, when that is decided. */
function isToBeAnswered(incident: Incident | undefined, revision: number | undefined): boolean {
  if (incident?.status === 'awaiting-approval') return incident.request.revision === revision;
  if (incident?.status !== 'open' || !incident.frozen || incident.frozen.revision !== revision) return false;
  return courseOf(incident.frozen.decision) !== 'hold';
}

/**
 * Whom a message calls, as Slack writes it: who can answer, and the first rung once the deadline has passed; where
 * nothing is asked, those who may act by hand. Where none of them is in Slack, somebody is called all the same.
 */
export function mentions(
  message: QueuedMessage,
  incident: Incident | undefined,
  callable: Callable,
  now: number,
): string[] {
  if (!calls(message, incident)) return [];
  const rung = marksOf({
    people: callable.people.filter(({ name }) => callable.escalation.includes(name)),
    groups: [],
  });
  const leading = marksOf(holders(callable, isLeader));
  const wanted =
    incident?.status === 'awaiting-approval'
      ? [...(isOverdue(incident.request, now) ? rung : []), ...marksOf(ableToAnswer(callable, incident))]
      : leading;
  const called = [wanted, leading, rung].find((marks) => marks.length > 0) ?? [];
  return [...new Set(called)];
}

const isLeader = (role: Role): boolean => leaders.some((leader) => leader === role);

const isOverdue = ({ deadline }: { readonly deadline?: number | undefined }, now: number): boolean =>
  deadline !== undefined && now >= deadline;

const marksOf = ({ people, groups }: Audience): string[] => [
  ...people.flatMap(({ slack }) => (slack === undefined ? [] : [`<@${slack}>`])),
  ...groups.map(({ id }) => groupMention(id)),
];
