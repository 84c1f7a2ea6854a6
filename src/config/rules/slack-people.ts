import { rule } from '../rule.ts';

/** A role that comes from a user group needs a person, too: an approval names somebody whom the configuration knows. */
export const slackPeople = rule(['doors', 'people'], ({ doors, people }) =>
  doors.slack && people.every(({ slack }) => slack === undefined)
    ? [{ path: ['people'], message: 'nobody has a slack id: every click would be refused' }]
    : [],
);
