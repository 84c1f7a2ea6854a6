import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Incident } from './state.ts';
import { messageAbout } from './topics.ts';

type Tell = Extract<Move, { kind: 'tell' }>;

export interface Telling {
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
  readonly urgency: Tell['urgency'];
}

/** Told once about each topic, however often it is asked. */
export function tellAbout(incident: Incident, telling: Telling): Tell[] {
  return incident.told.includes(telling.topic) ? [] : [tell(incident.id, telling)];
}

export const tellAboutRun = (state: DaemonState, run: string, telling: Telling): Tell[] =>
  isToldAboutRun(state, run, telling.topic) ? [] : [tell(run, telling)];

export const isToldAboutRun = ({ runs }: DaemonState, run: string, topic: string): boolean =>
  runs.get(run)?.told.includes(topic) ?? false;

function tell(about: string, { topic, subject, text, urgency }: Telling): Tell {
  return { kind: 'tell', message: messageAbout(about, topic), subject, text, urgency };
}

/** Topics of reminders carry the number of the period that they belong to, so that each period has one. */
export function reminder(topic: string, since: number, every: number, now: number): string | undefined {
  const period = Math.floor((now - since) / every);
  return period < 1 ? undefined : `${topic}-${period}`;
}

interface Period {
  readonly since: number;
  readonly every: number;
  readonly now: number;
}

/** A reminder of what was told before: a person may have asked for quiet. What is told for the first time comes all the same. */
export const repeated = ({ snoozed }: Incident, topic: string, { since, every, now }: Period): string | undefined =>
  snoozed && now < snoozed.until ? undefined : reminder(topic, since, every, now);

export const minute = 60_000;
