import type { EventOf } from '../model/event.ts';
import { aboutDaemon } from '../model/message-identity.ts';
import type { Memory } from './memory.ts';

/** Tells people of something that cannot wait; on a full disk, as soon as it can be written down. */
export function alarm(memory: Pick<Memory, 'state' | 'owe'>, subject: string, text: string): void {
  say(memory, subject, text, 'alarmed');
}

/** Tells people of something that calls nobody away from what they do. */
export function tell(memory: Pick<Memory, 'state' | 'owe'>, subject: string, text: string): void {
  say(memory, subject, text, 'told');
}

type Urgency = EventOf<'message.queued'>['urgency'];

function say(memory: Pick<Memory, 'state' | 'owe'>, subject: string, text: string, urgency: Urgency): void {
  const message = aboutDaemon('alarm', String(memory.state().lastSeq));
  memory.owe({ kind: 'message.queued', message, subject, text, urgency });
}
