import { formatDuration } from '../core/duration.ts';
import type { Blindness } from '../model/blindness.ts';
import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { minute } from './tell.ts';
import { messageAbout } from './topics.ts';

/** Blindness lasts for days where a certificate has expired: reminding must not wear people out. */
const calm = 6 * 60 * minute;

/** Told once while it lasts, again at a calm pace, and anew when it has seen in between. */
export function tellBlindness(state: DaemonState, { blind = [], now }: Outlook): Move[] {
  return blind.flatMap((blindness) => (isTold(state, blindness, now) ? [] : [tellOf(blindness, now)]));
}

const about = ({ probe }: Blindness): string => messageAbout('daemon', `blind-${probe}-`);

function isTold({ messages }: DaemonState, blindness: Blindness, now: number): boolean {
  const since = Math.max(blindness.since, now - calm);
  return [...messages.values()].some(
    ({ message, queuedAt }) => message.startsWith(about(blindness)) && queuedAt >= since,
  );
}

function tellOf(blindness: Blindness, now: number): Move {
  const { probe, since, reason } = blindness;
  return {
    kind: 'tell',
    message: `${about(blindness)}${now}`,
    subject: `rollbackd is blind: ${probe} has proven nothing for ${formatDuration(now - since)}`,
    text: `${reason}. Until it sees again, nothing is decided on what it looks at: neither that it is well nor that it is not.`,
    urgency: 'alarmed',
  };
}
