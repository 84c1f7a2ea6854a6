import type { Logger } from 'pino';
import type { CommandContext } from '../../commands/context.ts';
import type { Clock } from '../../core/clock.ts';
import type { Delivery } from '../../notify/channel.ts';
import { Line } from '../../notify/channels/slack/line.ts';
import { openWeb, type SlackWeb } from '../../notify/channels/slack/web.ts';
import type { SlackConfig } from '../../notify/schema.ts';
import type { PeopleConfig, SlackDoorConfig } from '../schema.ts';
import { Groups } from './groups.ts';
import { type ReceiveDependencies, type Received, receive } from './receive.ts';
import { openRequestUrl } from './request-url.ts';
import { keepConnected } from './socket-mode.ts';

export interface SlackDoorDependencies {
  readonly settings: SlackDoorConfig;
  /** Asked anew for every click, as the other two. */
  readonly slack: () => SlackConfig;
  readonly context: () => CommandContext;
  readonly people: () => PeopleConfig;
  readonly onConnection: (connected: boolean) => void;
  /** Whether clicks get here, as far as that can be told. */
  readonly onWayIn: (delivery: Delivery) => void;
  /** Whether all of them do. */
  readonly onSole: (delivery: Delivery) => void;
  /** Slack has sent a signed request: the only proof there is that it can. */
  readonly onRequest?: () => void;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}

export interface SlackDoor extends AsyncDisposable {
  /** Where it listens; over Socket Mode it does not. */
  readonly url?: string;
}

/** Lets people answer in Slack. A connection that does not come about is no error: it is tried again and again. */
export async function openSlackDoor(dependencies: SlackDoorDependencies): Promise<SlackDoor> {
  const stopping = new AbortController();
  const receiving = receiver(dependencies, stopping.signal);
  const door = await openWayIn(dependencies, (payload) => receive(receiving, payload), stopping.signal);
  return {
    ...(door.url !== undefined && { url: door.url }),
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the daemon stops'));
      await door[Symbol.asyncDispose]();
    },
  };
}

async function openWayIn(
  { settings, slack, onConnection, onWayIn, onSole, onRequest, clock, log }: SlackDoorDependencies,
  take: ReceivesPayload,
  signal: AbortSignal,
): Promise<SlackDoor> {
  const { request, socketMode, appId } = settings;
  if (request) {
    const door = await openRequestUrl({ settings: request, receive: take, onRequest, clock, log });
    onConnection(true);
    return door;
  }
  if (!socketMode) return { [Symbol.asyncDispose]: async () => {} };
  const { apiUrl } = slack();
  const { appToken } = socketMode;
  const told = { onConnection, onWayIn, onSole };
  const work = keepConnected({ appToken, appId, apiUrl, receive: take, ...told, clock, log }, signal);
  return { [Symbol.asyncDispose]: () => work };
}

type ReceivesPayload = (payload: unknown) => Promise<Received>;

function receiver(dependencies: SlackDoorDependencies, signal: AbortSignal): ReceiveDependencies {
  const { settings, slack, context, people, onWayIn, clock, log } = dependencies;
  const web = webOf(slack);
  const onFault = (group: string, reason: string) => log.warn({ group, reason }, 'a user group could not be read');
  const groups = new Groups({ groups: settings.groups, web, clock, onFault });
  // Whispers are for one person each: however many wait, they wait as long as Slack asks for.
  const whispers = new Line({ clock, spacingMs: 0 });
  return { settings, web, groups, whispers, signal, context, people, onWayIn, log };
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
