import type { QueuedMessage } from '../incident/daemon-state.ts';
import { identityOf, isSameMatter, type MessageIdentity, subjectKey } from '../model/message-identity.ts';

/** What came of a message so far on one channel. */
export interface Trials {
  readonly failures: number;
  readonly failedAt: number;
  readonly until: number;
  /**
   * Nothing needs to wait behind it: the channel has taken or refused it, and the journal does not know yet; or one
   * behind it got through.
   */
  readonly letsPass: boolean;
}

export const untried: Trials = { failures: 0, failedAt: 0, until: 0, letsPass: false };

/** Some six minutes: after so many failures it may be the message, and not the channel. */
const many = 10;
/** So soon after the one before it failed, that another one gets through tells a bad message from a channel that came back. */
const justNow = 500;

/**
 * What to deliver now, of what is pending in the order of the queue. Messages about one thing keep that order: who
 * reads the end before the beginning is misled. Where one fails, those behind it wait with it, unless it looks as if
 * it would never get through. Of several things, the one with the least failures comes first.
 */
export function dueOf(
  pending: readonly QueuedMessage[],
  trialsOf: (message: QueuedMessage) => Trials,
  now: number,
): QueuedMessage[] {
  const failures = (message: QueuedMessage | undefined) => (message ? trialsOf(message).failures : 0);
  return [...Map.groupBy(pending, threadOf).values()]
    .map((thread) => upToFirstWaiting(thread, trialsOf, now))
    .sort(([first], [other]) => failures(first) - failures(other))
    .flat();
}

function upToFirstWaiting(
  thread: readonly QueuedMessage[],
  trialsOf: (message: QueuedMessage) => Trials,
  now: number,
): QueuedMessage[] {
  const waits = (message: QueuedMessage) => trialsOf(message).until > now;
  const held = thread.findIndex((message) => waits(message) && holdsUp(trialsOf(message), now));
  return thread.slice(0, held < 0 ? thread.length : held).filter((message) => !waits(message));
}

const holdsUp = (trials: Trials, now: number): boolean =>
  !trials.letsPass && !(isDoubtful(trials) && now - trials.failedAt < justNow);

/** It may never get through: right after it has failed once more, the one behind it is tried. */
export const isDoubtful = ({ failures }: Pick<Trials, 'failures'>): boolean => failures >= many;

/** What waits before it and is about the same thing. */
export function aheadOf(message: QueuedMessage, pending: readonly QueuedMessage[]): QueuedMessage[] {
  const thread = threadOf(message);
  const at = pending.findIndex((other) => other.message === message.message);
  return pending.slice(0, Math.max(0, at)).filter((other) => threadOf(other) === thread);
}

/** What the daemon tells about itself is of many things: each has an order of its own. */
function threadOf({ message }: QueuedMessage): string {
  const identity = identityOf(message);
  if (identity.about !== 'daemon') return subjectKey(identity);
  const { what, which } = identity.topic.of;
  return what === 'older' ? `older/${which}` : what;
}

/** A reminder behind which a later one of the same matter waits already: what that says holds this. */
export function isSuperseded(message: QueuedMessage, pending: readonly QueuedMessage[]): boolean {
  const identity = identityOf(message.message);
  if (identity.topic.kind !== 'reminder') return false;
  const later = pending.slice(pending.indexOf(message) + 1);
  return later.some((other) => remindsOfTheSame(identity, identityOf(other.message)));
}

const remindsOfTheSame = (one: MessageIdentity, other: MessageIdentity): boolean =>
  other.topic.kind === 'reminder' &&
  subjectKey(one) === subjectKey(other) &&
  isSameMatter(one.topic.of, other.topic.of);
