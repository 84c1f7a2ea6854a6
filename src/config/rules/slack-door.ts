import { rule } from '../rule.ts';

/** The buttons are on messages that `notify.slack` posts, and whoever is refused is told with its token. */
export const slackDoor = rule(['doors', 'notify'], ({ doors, notify }) =>
  doors.slack && !notify.slack
    ? [{ path: ['doors', 'slack'], message: 'needs notify.slack: nothing would be posted that could be pressed' }]
    : [],
);
