import type { KnownBlock } from '@slack/web-api';
import type { Clock } from '../../../core/clock.ts';
import { RollbackdError } from '../../../core/errors.ts';
import { failureOf } from './failure.ts';
import { findPosted, metadataOf } from './find-posted.ts';
import type { Line } from './line.ts';
import type { SlackWeb } from './web.ts';

export interface Place {
  readonly channel: string;
  readonly ts: string;
}

export interface Posting {
  /** By which it is found again. */
  readonly id: string;
  /** Since when it may have been posted. */
  readonly since: number;
  readonly channel: string;
  readonly thread?: string;
  /** In the channel as well as in its thread. */
  readonly broadcast?: boolean;
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

export interface PosterDependencies {
  readonly web: SlackWeb;
  /** What is written. */
  readonly line: Line;
  /** What is only read. */
  readonly reads: Line;
  readonly clock: Clock;
  /** Tells the messages of several daemons in one channel apart. */
  readonly target: string;
}

/**
 * Slack knows no key of idempotency, and a reply may get lost: whatever may have been posted before, by this process or
 * by the one before it, is looked for first.
 */
export class Poster {
  readonly #dependencies: PosterDependencies;
  readonly #startedAt: number;
  readonly #doubtful = new Set<string>();

  constructor(dependencies: PosterDependencies) {
    this.#dependencies = dependencies;
    this.#startedAt = dependencies.clock.now();
  }

  /** Errors: what the SDK throws. */
  async post(posting: Posting, signal: AbortSignal): Promise<Place> {
    const { web, line, target } = this.#dependencies;
    const { id, since, channel, text, blocks } = posting;
    const before = this.#doubtful.has(id) || since <= this.#startedAt ? await this.#find(posting, signal) : undefined;
    if (before) return this.#done(id, before);
    const message = {
      channel,
      text,
      metadata: metadataOf(id, target),
      unfurl_links: false,
      unfurl_media: false,
      ...inThread(posting),
      ...(blocks && { blocks: [...blocks] }),
    };
    try {
      // From here on, until there is an answer, nobody knows.
      this.#doubtful.add(id);
      const { channel: at = channel, ts } = await line.call(() => web.chat.postMessage(message), signal);
      if (ts === undefined) throw new RollbackdError('strange-answer', 'Slack took the message and gave it no ts');
      return this.#done(id, { channel: at, ts });
    } catch (error) {
      if (!signal.aborted && !failureOf(error).ambiguous) this.#doubtful.delete(id);
      throw error;
    }
  }

  #done(id: string, place: Place): Place {
    this.#doubtful.delete(id);
    return place;
  }

  /** Where the application may not read the channel, a message twice is better than none. */
  async #find({ id, since, channel, thread }: Posting, signal: AbortSignal): Promise<Place | undefined> {
    const { web, reads, target } = this.#dependencies;
    try {
      return await findPosted({ web, reads }, { id, target, since, channel, thread }, signal);
    } catch (error) {
      if (failureOf(error).error === 'missing_scope') return undefined;
      throw error;
    }
  }
}

function inThread({ thread, broadcast = false }: Posting) {
  if (thread === undefined) return {};
  return broadcast ? { thread_ts: thread, reply_broadcast: true as const } : { thread_ts: thread };
}
