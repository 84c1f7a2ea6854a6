import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventBody } from '../../src/model/event.ts';

/** A folder of its own for one test, gone at the end of its scope. */
export function scratchFolder() {
  const path = mkdtempSync(join(tmpdir(), 'rollbackd-test-'));
  return {
    path,
    file: (name: string) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A clock that moves by one second each time it is asked. */
export function tickingClock(start = 1_700_000_000_000) {
  let now = start;
  return {
    now: () => {
      now += 1_000;
      return now;
    },
  };
}

export const paused = (reason: string): EventBody => ({ kind: 'acting.paused', person: 'ana', reason, until: 1 });
export const unpaused: EventBody = { kind: 'acting.unpaused', person: 'ana' };

/** What the call throws; fails where it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}
