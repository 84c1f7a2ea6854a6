import { rule } from '../rule.ts';

export const slackPort = rule(['doors'], ({ doors: { http, slack } }) =>
  slack?.request && slack.request.port !== 0 && slack.request.port === http.port
    ? [{ path: ['doors', 'slack', 'request', 'port'], message: 'is the port of doors.http' }]
    : [],
);
