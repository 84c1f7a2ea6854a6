import { permits } from '../incident/transitions.ts';
import type { EventBody } from '../model/event.ts';
import type { CommandContext } from './context.ts';
import { CommandRefused } from './refusal.ts';

/** Journals what the command decided. Errors: `not-permitted` where the daemon's state has no place for it, JournalError. */
export function record({ memory }: Pick<CommandContext, 'memory'>, body: EventBody, ...rest: EventBody[]): void {
  const refusal = permits(memory.state(), body);
  if (refusal) throw new CommandRefused('not-permitted', `not now: ${refusal}`);
  memory.append(body, ...rest);
}
