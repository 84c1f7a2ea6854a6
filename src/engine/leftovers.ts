import type { World } from '../actions/world.ts';
import { explain } from '../core/errors.ts';
import { endOrphans, type OpenChild } from '../exec/orphans.ts';
import { aboutDaemon } from '../model/message-identity.ts';
import type { Memory } from './memory.ts';

export interface Household {
  readonly memory: Pick<Memory, 'state' | 'append'>;
  readonly world: Pick<World, 'host'>;
}

/** Children of which no end is known. While no run is under way, each of them is one that an earlier step or process left. */
export const leftovers = ({ memory }: Household): OpenChild[] =>
  [...memory.state().children.values()].map(({ tag, process }) => ({ tag, ...(process && { identity: process }) }));

/** Ends them and writes down that they are gone. Errors: RollbackdError `orphan-survives`. */
export async function endLeftovers(children: readonly OpenChild[], { memory, world }: Household): Promise<void> {
  if (children.length === 0) return;
  for (const { tag } of await endOrphans({ host: world.host, ledgerEntries: children })) {
    if (memory.state().children.has(tag)) memory.append({ kind: 'child.ended', tag, outcome: 'ended-as-orphan' });
  }
}

/** Whoever is refused by a program that cannot be ended may be the daemon itself: people hear of it once. */
export function tellOfSurvivor(fault: unknown, [first]: readonly OpenChild[], { memory }: Household): void {
  const message = aboutDaemon('orphan', first?.tag ?? '');
  if (memory.state().messages.has(message)) return;
  const subject = 'a program of an earlier run cannot be ended';
  const text = `${explain(fault)} No rollback begins or goes on while it lives: it may still change what the run changes.`;
  memory.append({ kind: 'message.queued', message, subject, text, urgency: 'alarmed' });
}
