import type { KnownBlock } from '@slack/web-api';
import { cutText } from './markup.ts';

/** What Slack takes in one text. */
export const textLimit = 3_000;

export const section = (text: string): KnownBlock => ({ type: 'section', text: mrkdwn(text) });

/** Small and grey. */
export const context = (text: string): KnownBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** `verbatim`: nothing in it becomes a link or a mention but what is written as one. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text: cutText(text, textLimit), verbatim: true });
