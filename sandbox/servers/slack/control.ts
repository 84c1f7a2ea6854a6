import { buttonsOf, type SlackButton, type SlackMessage } from './message.ts';

const PATIENCE_MS = 15_000;

export interface Press {
  readonly user: string;
  /** Of the message that the button is on. */
  readonly ts: string;
  readonly actionId: string;
  /** The button as the person still sees it, where the message has changed since: a late click. */
  readonly button?: SlackButton;
}

/** What people do and see in one channel of the workspace. */
export interface SlackControl {
  /** Root messages, oldest first, with their blocks. */
  messages(): Promise<readonly SlackMessage[]>;
  /** The answers in a message's thread, oldest first. */
  replies(ts: string): Promise<readonly SlackMessage[]>;
  /** What only this person was told, in the channel and in threads. */
  whispers(user: string): Promise<readonly SlackMessage[]>;
  /** Returns when the application has acknowledged it; without an acknowledgement after five seconds, without a connection at once. */
  press(press: Press): Promise<void>;
}

export function createSlackControl(url: string, channel: string): SlackControl {
  const all = async (): Promise<readonly SlackMessage[]> => {
    const { messages } = (await call(`${url}/_control/messages/${channel}`)) as { messages: readonly SlackMessage[] };
    return messages;
  };
  const seenByAll = async () => (await all()).filter(({ subtype }) => subtype !== 'ephemeral');
  const buttonOn = async (ts: string, actionId: string): Promise<SlackButton> => {
    const message = (await all()).find((each) => each.ts === ts);
    const button = message && buttonsOf(message).find(({ action_id }) => action_id === actionId);
    if (button === undefined) throw new Error(`message ${ts} has no button ${actionId}`);
    return button;
  };
  return {
    messages: async () => (await seenByAll()).filter(({ thread_ts }) => thread_ts === undefined),
    replies: async (ts) => (await seenByAll()).filter(({ thread_ts }) => thread_ts === ts),
    whispers: async (user) => (await all()).filter(({ ephemeral_to }) => ephemeral_to === user),
    async press({ user, ts, actionId, button }) {
      const action = { type: 'button', ...(button ?? (await buttonOn(ts, actionId))) };
      await call(`${url}/_control/interact`, { channel, messageTs: ts, user, action });
    },
  };
}

async function call(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${new URL(url).pathname} was answered ${response.status}`);
  return await response.json();
}
