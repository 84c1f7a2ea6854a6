import type { Journal } from '../../src/journal/journal.ts';
import type { JournalEvent } from '../../src/model/event.ts';

/** A journal that forgets: everything else about it is as on the disk. */
export function forgetfulJournal(clock: { now(): number }): Journal {
  const listeners: ((event: JournalEvent) => void)[] = [];
  const events: JournalEvent[] = [];
  return {
    append: (...bodies) =>
      bodies.map((body) => {
        const event = { seq: events.length + 1, at: clock.now(), body, hash: '' };
        events.push(event);
        for (const listener of listeners) listener(event);
        return event;
      }),
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
