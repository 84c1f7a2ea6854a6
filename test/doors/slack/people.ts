import { slackPeople } from '../../../sandbox/servers/slack/site.ts';
import type { PeopleConfig } from '../../../src/doors/schema.ts';

/** The people of the workspace as a configuration names them; `an` has a Slack account and no role that counts. */
export const people: PeopleConfig = [
  { name: 'linh', roles: ['senior-engineer'], slack: slackPeople.seniorEngineer },
  { name: 'minh', roles: ['engineering-manager'], slack: slackPeople.engineeringManager },
  { name: 'thao', roles: ['technical-lead'], slack: slackPeople.technicalLead },
  { name: 'quang', roles: ['product-owner'], slack: slackPeople.productOwner },
  { name: 'an', roles: ['database-administrator'], slack: slackPeople.nobody },
];
