import type { Delivery } from './channel.ts';
import type { ChannelTrouble } from './health.ts';
import { type TellingDependencies, tellingHealth, type Words } from './telling-health.ts';

/** `doubtful`: some may go to somebody else. */
export type WayInState = 'open' | 'doubtful' | 'lost';

/** Whether answers that people give in Slack get here. Known for as long as the door is open, whatever is reloaded meanwhile. */
export interface WayIn {
  /** Whether they do. */
  note(delivery: Delivery): void;
  /** Whether all of them do: one that arrives says nothing of the others. */
  noteSole(delivery: Delivery): void;
  readonly state: WayInState;
  troubles(): readonly ChannelTrouble[];
  /** Called whenever something was noted. Returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** They stand among the channels: what they carry comes the other way. */
const answers = 'slack-answers';
const sole = 'slack-rival';

const answersWords: Words = {
  lost: 'answers in Slack do not arrive',
  meanwhile: 'The buttons do nothing: answer with `rollbackd approve` or `rollbackd reject`.',
  well: 'answers in Slack arrive again',
  after: 'Answers may be lost since',
};

const soleWords: Words = {
  lost: 'answers in Slack may go to somebody else',
  meanwhile: 'Where nothing follows a press, answer with `rollbackd approve` or `rollbackd reject`.',
  well: 'answers in Slack go to nobody else any more',
  after: 'Some answers may be lost since',
};

export function watchWayIn(dependencies: TellingDependencies): WayIn {
  const health = tellingHealth(dependencies, (channel) => (channel === sole ? soleWords : answersWords));
  const listeners = new Set<() => void>();
  const note = (channel: string, delivery: Delivery) => {
    health.note(channel, delivery);
    for (const listener of listeners) listener();
  };
  return {
    note: (delivery) => note(answers, delivery),
    noteSole: (delivery) => note(sole, delivery),
    get state() {
      if (health.fails(answers)) return 'lost';
      return health.fails(sole) ? 'doubtful' : 'open';
    },
    troubles: () => health.troubles(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
