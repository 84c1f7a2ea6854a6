type Arguments = Readonly<Record<string, unknown>>;

interface Answer {
  readonly ok?: boolean;
  readonly channel?: string;
  readonly ts?: string;
  readonly messages?: readonly { readonly ts: string }[];
}

/** What the stand-in forgets: the metadata that messages were posted with. */
export interface MetadataMemory {
  /** The answer as Slack would give it, with what is remembered put back where it was asked for. */
  complete(method: string, sent: Arguments, answer: Answer): Answer;
}

export function createMetadataMemory(): MetadataMemory {
  const remembered = new Map<string, unknown>();
  const keyOf = (channel: unknown, ts: unknown) => `${channel} ${ts}`;
  return {
    complete(method, sent, answer) {
      if (answer.ok !== true) return answer;
      if (method === 'chat.postMessage' || method === 'chat.update') {
        if (sent.metadata !== undefined) remembered.set(keyOf(answer.channel, answer.ts), sent.metadata);
        return answer;
      }
      const lists = method === 'conversations.history' || method === 'conversations.replies';
      // As Slack has it: only for those who ask.
      if (!lists || String(sent.include_all_metadata) !== 'true' || answer.messages === undefined) return answer;
      const messages = answer.messages.map((message) => {
        const metadata = remembered.get(keyOf(sent.channel, message.ts));
        return metadata === undefined ? message : { ...message, metadata };
      });
      return { ...answer, messages };
    },
  };
}
