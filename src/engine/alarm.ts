import type { Memory } from './memory.ts';

/** Tells people of something that cannot wait; on a full disk, as soon as it can be written down. */
export function alarm(memory: Pick<Memory, 'state' | 'owe'>, subject: string, text: string): void {
  const message = `daemon/${memory.state().lastSeq}`;
  memory.owe({ kind: 'message.queued', message, subject, text, urgency: 'alarmed' });
}
