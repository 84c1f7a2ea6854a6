import { formatDuration } from '../core/duration.ts';
import type { Blindness } from '../model/blindness.ts';
import { identityOf, isSameMatter, type Matter } from '../model/message-identity.ts';
import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { minute } from './tell.ts';

/** Blindness lasts for days where a certificate has expired: reminding must not wear people out. */
const calm = 6 * 60 * minute;

/** Told once while it lasts, again at a calm pace, and anew when it has seen in between. */
export function tellBlindness(state: DaemonState, { blind = [], now }: Outlook): Move[] {
  return blind.flatMap((blindness) => (isTold(state, blindness, now) ? [] : [tellOf(blindness, now)]));
}

const matterOf = ({ probe }: Blindness): Matter => ({ what: 'blind', which: probe });

function isTold({ messages }: DaemonState, blindness: Blindness, now: number): boolean {
  const since = Math.max(blindness.since, now - calm);
  return [...messages.values()].some(
    ({ message, queuedAt }) => queuedAt >= since && isSameMatter(identityOf(message).topic.of, matterOf(blindness)),
  );
}

function tellOf(blindness: Blindness, now: number): Move {
  const { probe, since, reason } = blindness;
  return {
    kind: 'tell',
    identity: { about: 'daemon', topic: { kind: 'reminder', of: matterOf(blindness), period: now } },
    subject: `rollbackd is blind: ${probe} has proven nothing for ${formatDuration(now - since)}`,
    text: `${reason}. Until it sees again, rollbackd decides nothing on it: it calls that neither well nor broken.`,
    urgency: 'alarmed',
  };
}
