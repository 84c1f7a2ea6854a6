import type { Delivery } from './channel.ts';
import type { ChannelTrouble } from './health.ts';
import { type TellingDependencies, tellingHealth, type Words } from './telling-health.ts';

/** Whether answers that people give in Slack get here. Known for as long as the door is open, whatever is reloaded meanwhile. */
export interface WayIn {
  note(delivery: Delivery): void;
  readonly isLost: boolean;
  troubles(): readonly ChannelTrouble[];
  /** Called whenever something was noted. Returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/** Stands among the channels: what it carries comes the other way. */
const answers = 'slack-answers';

const words: Words = {
  lost: 'answers in Slack do not arrive',
  meanwhile: 'The buttons do nothing: answer with `rollbackd approve` or `rollbackd reject`.',
  well: 'answers in Slack arrive again',
  after: 'None may have arrived since',
};

export function watchWayIn(dependencies: TellingDependencies): WayIn {
  const health = tellingHealth(dependencies, () => words);
  const listeners = new Set<() => void>();
  return {
    note(delivery) {
      health.note(answers, delivery);
      for (const listener of listeners) listener();
    },
    get isLost() {
      return health.fails(answers);
    },
    troubles: () => health.troubles(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
