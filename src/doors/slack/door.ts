import type { Logger } from 'pino';
import type { CommandContext } from '../../commands/context.ts';
import type { Clock } from '../../core/clock.ts';
import { openWeb, type SlackWeb } from '../../notify/channels/slack/web.ts';
import type { SlackConfig } from '../../notify/schema.ts';
import type { PeopleConfig, SlackDoorConfig } from '../schema.ts';
import { Groups } from './groups.ts';
import { type ReceiveDependencies, receive } from './receive.ts';
import { openRequestUrl } from './request-url.ts';
import { keepConnected } from './socket-mode.ts';

export interface SlackDoorDependencies {
  readonly settings: SlackDoorConfig;
  /** Asked anew for every click, as the other two. */
  readonly slack: () => SlackConfig;
  readonly context: () => CommandContext;
  readonly people: () => PeopleConfig;
  readonly onConnection: (connected: boolean) => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

export interface SlackDoor extends AsyncDisposable {
  /** Where it listens; over Socket Mode it does not. */
  readonly url?: string;
}

/** Lets people answer in Slack. A connection that does not come about is no error: it is tried again and again. */
export async function openSlackDoor(dependencies: SlackDoorDependencies): Promise<SlackDoor> {
  const { settings, slack, onConnection, clock, log } = dependencies;
  const receiving = receiver(dependencies);
  const take = (payload: unknown) => receive(receiving, payload);
  if (settings.request) {
    const door = await openRequestUrl({ settings: settings.request, receive: take, clock, log });
    onConnection(true);
    return door;
  }
  if (!settings.socketMode) return { [Symbol.asyncDispose]: async () => {} };
  const stopping = new AbortController();
  const { appToken } = settings.socketMode;
  const { apiUrl } = slack();
  const work = keepConnected({ appToken, apiUrl, receive: take, onConnection, clock, log }, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the daemon stops'));
      await work;
    },
  };
}

function receiver({ settings, slack, context, people, clock, log }: SlackDoorDependencies): ReceiveDependencies {
  const web = webOf(slack);
  const onFault = (group: string, reason: string) => log.warn({ group, reason }, 'a user group could not be read');
  const groups = new Groups({ groups: settings.groups, web, clock, onFault });
  return { settings, web, groups, context, people, log };
}

/** One client for each configuration: a reload may bring another token. */
function webOf(slack: () => SlackConfig): () => SlackWeb {
  let made: { readonly config: SlackConfig; readonly web: SlackWeb } | undefined;
  return () => {
    const config = slack();
    if (made?.config !== config) made = { config, web: openWeb(config) };
    return made.web;
  };
}
