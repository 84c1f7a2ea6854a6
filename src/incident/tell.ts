import { isSameMatter, type Matter, type MessageIdentity, type MessageSubject } from '../model/message-identity.ts';
import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Incident } from './state.ts';
import type { Told } from './told.ts';

type Tell = Extract<Move, { kind: 'tell' }>;

export interface Telling {
  readonly of: Matter;
  readonly subject: string;
  readonly text: string;
  readonly urgency: Tell['urgency'];
}

/** Whom or what a message is about, and what has been told about it. */
export interface Listener {
  readonly subject: MessageSubject;
  readonly told: readonly Told[];
  /** A person has asked for quiet: what is told for the first time comes all the same. */
  readonly quietUntil?: number | undefined;
}

export const ofIncident = ({ id, told, snoozed }: Incident): Listener => ({
  subject: { about: 'incident', id },
  told,
  quietUntil: snoozed?.until,
});

export const ofRun = ({ runs }: DaemonState, id: string): Listener => ({
  subject: { about: 'run', id },
  told: runs.get(id)?.told ?? [],
});

/** Told once about each matter, however often it is asked. */
export const tellOnce = (listener: Listener, telling: Telling): Tell[] =>
  lastTold(listener, telling.of) ? [] : [tell(listener, telling)];

interface Pace {
  readonly every: number;
  readonly now: number;
}

/** Told once, and again for as long as it is asked: so long after it was told last, so that a period has one message. */
export function tellAgain(
  listener: Listener,
  first: Telling,
  { every, now }: Pace,
  again: Partial<Omit<Telling, 'of'>> = {},
): Tell[] {
  const last = lastTold(listener, first.of);
  if (!last) return [tell(listener, first)];
  if (now < (listener.quietUntil ?? 0) || now - last.at < every) return [];
  return [tell(listener, { ...first, ...again }, last.times)];
}

const lastTold = ({ told }: Listener, of: Matter): Told | undefined => told.find((each) => isSameMatter(each.of, of));

function tell({ subject: about }: Listener, { of, subject, text, urgency }: Telling, period?: number): Tell {
  const topic = period === undefined ? { kind: 'once' as const, of } : { kind: 'reminder' as const, of, period };
  const identity: MessageIdentity = { ...about, topic };
  return { kind: 'tell', identity, subject, text, urgency };
}

export const minute = 60_000;
