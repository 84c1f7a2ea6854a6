import { rule } from '../rule.ts';

export const slackTransport = rule(['doors'], ({ doors: { slack } }) => {
  if (!slack || (slack.socketMode === undefined) !== (slack.request === undefined)) return [];
  const message = slack.request
    ? 'has socketMode and request: clicks come by one of them'
    : 'needs socketMode or request: no click could ever arrive';
  return [{ path: ['doors', 'slack'], message }];
});
