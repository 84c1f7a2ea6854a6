import type { Journal } from '../../src/journal/journal.ts';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';

/** A journal without a disk: everything else about it is as it should be. Given events stand in it from the start. */
export function memoryJournal(past: readonly EventBody[] = [], now: () => number = () => 0): Journal {
  const listeners: ((event: JournalEvent) => void)[] = [];
  const events: JournalEvent[] = past.map((body, index) => ({ seq: index + 1, at: now(), body, hash: '' }));
  return {
    append(...bodies) {
      const added = bodies.map((body, index) => ({ seq: events.length + 1 + index, at: now(), body, hash: '' }));
      events.push(...added);
      for (const event of added) for (const listener of listeners) listener(event);
      return added;
    },
    read: () => [...events],
    subscribe: (listener) => void listeners.push(listener),
    writable: true,
    get head() {
      return { seq: events.length, hash: '' };
    },
    holds: ({ seq }) => seq <= events.length,
    [Symbol.dispose]: () => {},
  };
}
