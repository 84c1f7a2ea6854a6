import type { DaemonState, QueuedMessage } from '../../../incident/daemon-state.ts';
import { mayAnswer, outstandingGroups } from '../../../incident/quorum.ts';
import type { Incident } from '../../../incident/state.ts';
import { topicOf } from '../../../incident/topics.ts';
import type { Quorum } from '../../../model/approval.ts';
import type { CardContext } from './card.ts';

export type People = CardContext['people'];

/** The incident that a message is about, or that its run belongs to. */
export function incidentOf({ incidents, runs }: DaemonState, message: string): Incident | undefined {
  const about = topicOf(message)?.subject;
  if (about === undefined) return undefined;
  return incidents.get(about) ?? incidents.get(runs.get(about)?.incident ?? '');
}

/** Slack ids of those whom the message is for in particular: who can answer, and at the deadline the first rung. */
export function mentioned(
  { message, urgency }: QueuedMessage,
  incident: Incident | undefined,
  { people, escalation }: { readonly people: People; readonly escalation: readonly string[] },
): string[] {
  if (incident?.status !== 'awaiting-approval') return [];
  const overdue = topicOf(message)?.topic.endsWith('.overdue') ?? false;
  const able = answering(people, outstandingGroups(incident.request.quorum, incident.approvals));
  const rung = people.filter(({ name }) => escalation.includes(name));
  const wanted = [...(overdue ? rung : []), ...(overdue || urgency === 'asked' ? able : [])];
  return [...new Set(wanted.flatMap(({ slack }) => slack ?? []))];
}

const answering = (people: People, missing: Quorum): People =>
  people.filter(({ roles }) => roles.some((role) => mayAnswer(role, missing)));
