import { WebClient } from '@slack/web-api';
import type { SlackConfig } from '../../schema.ts';
import { silentLogger } from './silent-logger.ts';

export type SlackWeb = Pick<WebClient, 'auth' | 'chat' | 'conversations' | 'usergroups' | 'users' | 'views'>;

/** By itself the SDK waits for ever and tries again for half an hour: waiting and repeating are the outbox's. */
export const openWeb = ({ botToken, apiUrl, timeout }: SlackConfig): WebClient =>
  new WebClient(botToken.reveal(), {
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silentLogger,
    ...(apiUrl !== undefined && { slackApiUrl: withSlash(apiUrl) }),
  });

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
