import type { QueuedMessage } from '../incident/daemon-state.ts';

/** What a channel made of one attempt. `refused` is final: to try again would change nothing. */
export type Delivery =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | {
      readonly outcome: 'failed';
      readonly reason: string;
      /** It will not pass by itself: people are told at once, by the other channels. */
      readonly lasting?: boolean;
      /** The other side asks for so much patience. */
      readonly retryAfterMs?: number;
    };

/** One way to reach people. Never throws for anything the other side does; messages may arrive twice after a crash. */
export interface Channel {
  readonly name: string;
  deliver(message: QueuedMessage, signal: AbortSignal): Promise<Delivery>;
}
