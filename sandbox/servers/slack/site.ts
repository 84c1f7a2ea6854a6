import { randomBytes } from 'node:crypto';

/** The people of the workspace, by what they are to the café; `nobody` has no role at all. */
export const slackPeople = {
  seniorEngineer: 'U0SENIORENG',
  engineeringManager: 'U0ENGMANAGER',
  technicalLead: 'U0TECHLEAD',
  productOwner: 'U0PRODUCTOWNER',
  nobody: 'U0WITHOUTROLE',
} as const;

const names: Readonly<Record<keyof typeof slackPeople, { readonly name: string; readonly realName: string }>> = {
  seniorEngineer: { name: 'linh', realName: 'Linh (senior engineer)' },
  engineeringManager: { name: 'minh', realName: 'Minh (engineering manager)' },
  technicalLead: { name: 'thao', realName: 'Thao (technical lead)' },
  productOwner: { name: 'quang', realName: 'Quang (product owner)' },
  nobody: { name: 'an', realName: 'An (barista)' },
};

/** What an application is told of its Slack. */
export interface SlackSite {
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The channel that incidents are told in; the application is a member. */
  readonly channel: string;
  readonly people: typeof slackPeople;
}

export function createSlackSite(): SlackSite {
  const secret = () => randomBytes(16).toString('hex');
  return {
    teamId: 'T0SUPERKAFE',
    appId: 'A0ROLLBACKD',
    botUserId: 'U0ROLLBACKD',
    botToken: `xoxb-sandbox-${secret()}`,
    appToken: `xapp-sandbox-${secret()}`,
    signingSecret: secret(),
    channel: 'C0INCIDENTS',
    people: slackPeople,
  };
}

/** The stand-in's configuration file. With `requestUrl` it sends signed HTTP requests there; without, envelopes over Socket Mode. */
export function standInConfiguration(site: SlackSite, requestUrl: string | undefined): string {
  const { teamId, channel, people, ...app } = site;
  const humans = Object.entries(names).map(([role, { name, realName }]) => ({
    id: people[role as keyof typeof slackPeople],
    name,
    real_name: realName,
  }));
  return JSON.stringify({
    workspace: { name: 'Superkafe', domain: 'superkafe', teamId },
    app: { ...app, botName: 'rollbackd', ...(requestUrl ? { mode: 'events', requestUrl } : { mode: 'socket' }) },
    users: humans,
    channels: [{ id: channel, name: 'incidents', members: [app.botUserId, ...humans.map(({ id }) => id)] }],
  });
}
