import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { removeOwn, removeOwnAtOnce } from '../workspace/remove-own.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof signals)[number];

/**
 * Whatever the demo is doing, a signal takes down everything that it has started, and the process with it; a second one does it the hard way.
 * What is under way meanwhile may go on starting things: it is looked for until nothing is found.
 */
export function takeDownOnSignal(say: (line: string) => void): { readonly begun: () => boolean } {
  let begun = false;
  const end = async (signal: Signal): Promise<void> => {
    say(`${signal}: ending everything that was started; again to end it at once`);
    do {
      await removeOwn();
      await pause(50);
    } while (removeOwnAtOnce());
    say('everything has ended');
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (!begun) {
        begun = true;
        end(signal).catch(() => endAtOnce(signal));
      } else if (signal !== 'SIGHUP') endAtOnce(signal);
    });
  }
  return { begun: () => begun };
}

function endAtOnce(signal: Signal): never {
  removeOwnAtOnce();
  process.exit(128 + constants.signals[signal]);
}
