import type { Clock } from '../../../core/clock.ts';
import { failureOf } from './failure.ts';

export interface LineOptions {
  readonly clock: Clock;
  /** Least time between two calls; Slack takes about one message a second in a channel. */
  readonly spacingMs: number;
}

const mostTries = 3;
const momentMs = 3_000;

/** One call of Slack after the other, at its pace and in the order they were asked for. */
export class Line {
  readonly #options: LineOptions;
  #last: Promise<void> = Promise.resolve();
  #freeAt = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Errors: whatever the work throws; the signal's reason. Being told to wait is no error until it has happened three times. */
  async call<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
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
        return await this.#until(work(), signal);
      } catch (error) {
        const { retryAfterMs } = failureOf(error);
        if (retryAfterMs === undefined) throw error;
        this.#freeAt = clock.monotonic() + retryAfterMs;
        if (attempt === mostTries) throw error;
      }
    }
  }

  /** The SDK cannot be told to stop: what is under way gets a moment to end, so that what became of it can be written down. */
  async #until<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const over = new AbortController();
    const stop = async () => {
      await this.#options.clock.sleep(momentMs, over.signal).catch(() => {});
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
      over.abort();
      stopped.catch(() => {});
    }
  }
}
