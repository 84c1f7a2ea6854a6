import type { Clock } from '../../../core/clock.ts';
import { failureOf } from './failure.ts';

export interface LineOptions {
  readonly clock: Clock;
  /** Least time between two writes; Slack takes about one a second in a channel. */
  readonly spacingMs: number;
}

const mostTries = 3;

/** Everything that is written into the channel, one after the other, at Slack's pace and in the order it was asked for. */
export class Line {
  readonly #options: LineOptions;
  #last: Promise<void> = Promise.resolve();
  #freeAt = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Errors: whatever the work throws; the signal's reason. Being told to wait is no error until it has happened three times. */
  async write<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      return await this.#patiently(work, signal);
    } finally {
      resolve();
    }
  }

  async #patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, spacingMs } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const wait = this.#freeAt - clock.monotonic();
      if (wait > 0) await clock.sleep(wait, signal);
      signal.throwIfAborted();
      this.#freeAt = clock.monotonic() + spacingMs;
      try {
        return await until(work(), signal);
      } catch (error) {
        const { retryAfterMs } = failureOf(error);
        if (retryAfterMs === undefined) throw error;
        this.#freeAt = clock.monotonic() + retryAfterMs;
        if (attempt === mostTries) throw error;
      }
    }
  }
}

/** The SDK cannot be told to stop; what becomes of the call then, whoever comes next finds out. */
export async function until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
