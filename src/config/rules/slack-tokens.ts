import { rule } from '../rule.ts';

/** The two are easily taken for each other, and Slack's answer to the wrong one reads like a revoked token. */
export const slackTokens = rule(['notify', 'doors'], ({ notify, doors }) => {
  const bot = notify.slack?.botToken.reveal() ?? '';
  const app = doors.slack?.socketMode?.appToken.reveal() ?? '';
  return [
    ...(bot.startsWith('xapp-')
      ? [
          {
            path: ['notify', 'slack', 'botToken'],
            message: 'is an app-level token (xapp-): the bot token begins with xoxb-',
          },
        ]
      : []),
    ...(app.startsWith('xoxb-')
      ? [
          {
            path: ['doors', 'slack', 'socketMode', 'appToken'],
            message: 'is a bot token (xoxb-): the app-level token begins with xapp-',
          },
        ]
      : []),
  ];
});
