import { systemClock } from '../../src/core/clock.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { EventBody, EventKind, EventOf } from '../../src/model/event.ts';

/** What an earlier daemon wrote. */
export function prepareJournal(file: string, ...bodies: EventBody[]): void {
  using journal = openJournal({ file, clock: systemClock });
  journal.append(...bodies);
}

/** Everything in the journal of a daemon that has ended. */
export function journalled(file: string): EventBody[] {
  using journal = openJournal({ file, clock: systemClock });
  return [...journal.read()].map(({ body }) => body);
}

export const kindsIn = (file: string): EventKind[] => journalled(file).map(({ kind }) => kind);

export const eventsOf = <K extends EventKind>(file: string, kind: K): EventOf<K>[] =>
  journalled(file).filter((body): body is EventOf<K> => body.kind === kind);
