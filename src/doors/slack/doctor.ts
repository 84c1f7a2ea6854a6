import { WebClient } from '@slack/web-api';
import { failureOf } from '../../notify/channels/slack/failure.ts';
import { silentLogger } from '../../notify/channels/slack/silent-logger.ts';
import { openWeb, withSlash } from '../../notify/channels/slack/web.ts';
import type { SlackConfig } from '../../notify/schema.ts';
import type { PeopleConfig, SlackDoorConfig } from '../schema.ts';
import { appTokenFailure } from './app-token.ts';
import { wrongApp } from './hello.ts';

/** `unknown`: it cannot be told from here, which is no fault. */
export interface SlackFinding {
  readonly outcome: 'well' | 'fault' | 'unknown';
  readonly what: string;
  readonly text: string;
}

export interface SlackSettings {
  readonly slack: SlackConfig;
  readonly door: SlackDoorConfig | undefined;
  readonly people: PeopleConfig;
}

const well = (what: string, text: string): SlackFinding => ({ outcome: 'well', what, text });
const fault = (what: string, text: string): SlackFinding => ({ outcome: 'fault', what, text });
const unknown = (what: string, text: string): SlackFinding => ({ outcome: 'unknown', what, text });

/** Looks at everything that posting and answering in Slack depend on; posts nothing, and takes no click from a running daemon. */
export async function examineSlack(settings: SlackSettings): Promise<readonly SlackFinding[]> {
  const web = openWeb(settings.slack);
  const token = await checkToken(web, settings);
  // Without a token that is good, every other question would get the same answer.
  if (token.some(({ what, outcome }) => what === tokenCheck && outcome === 'fault')) return token;
  const { door } = settings;
  return [
    ...token,
    ...(await checkChannel(web, settings.slack.channel)),
    ...(door ? [await checkWayIn(settings.slack, door)] : [unknown('door', noDoor)]),
    ...(await checkGroups(web, door)),
    ...(await checkPeople(web, settings)),
  ];
}

const tokenCheck = 'token';
const noDoor = 'doors.slack is not configured: people read in Slack, and answer by the command line';

async function checkToken(web: WebClient, { slack, door }: SlackSettings): Promise<SlackFinding[]> {
  try {
    const { team, team_id: teamId, user, bot_id: bot, response_metadata } = await web.auth.test();
    const who = well(tokenCheck, `${user} in ${team} (${teamId})`);
    const scopes = checkScopes(response_metadata?.scopes, slack, door);
    return [who, ...checkTeam(teamId, door), ...(door ? [await checkApp(web, bot, door)] : []), scopes];
  } catch (error) {
    return [fault(tokenCheck, failureOf(error).reason)];
  }
}

function checkTeam(teamId: string | undefined, door: SlackDoorConfig | undefined): SlackFinding[] {
  if (!door) return [];
  if (teamId === door.teamId) return [well('workspace', `${teamId}, as doors.slack.teamId says`)];
  const remedy = `every click would be refused. Next: write ${teamId} there, or use the token of the other workspace`;
  return [fault('workspace', `the token belongs to ${teamId}, but doors.slack.teamId is ${door.teamId}: ${remedy}`)];
}

/** Of another application every click would be refused. */
async function checkApp(web: WebClient, bot: string | undefined, { appId }: SlackDoorConfig): Promise<SlackFinding> {
  const what = 'application';
  const untold = `only users:read could tell whether the token is of ${appId}: see \`rollbackd status\` once the daemon runs`;
  if (bot === undefined) return unknown(what, untold);
  try {
    const { bot: found } = await web.bots.info({ bot });
    if (found?.app_id === undefined) return unknown(what, untold);
    return found.app_id === appId
      ? well(what, `${appId}, as doors.slack.appId says`)
      : fault(what, wrongApp(found.app_id, appId));
  } catch (error) {
    const { error: refusal, reason } = failureOf(error);
    return unknown(what, refusal === 'missing_scope' ? untold : reason);
  }
}

function checkScopes(
  granted: readonly string[] | undefined,
  { channel }: SlackConfig,
  door: SlackDoorConfig | undefined,
) {
  if (!granted) return unknown('scopes', 'Slack does not say which ones the token has');
  const history = channel.startsWith('G') ? ['groups:history'] : ['channels:history', 'groups:history'];
  const groups = door && door.groups.length > 0 ? [['usergroups:read']] : [];
  const missing = [['chat:write'], history, ...groups].filter((any) => !any.some((scope) => granted.includes(scope)));
  if (missing.length === 0) return well('scopes', granted.join(', '));
  const lacks = missing.map((any) => any.join(' or ')).join(', ');
  return fault('scopes', `missing: ${lacks}. Next: add them to the application and install it again`);
}

/** Whether it is archived takes a right that posting does not. */
async function checkChannel(web: WebClient, channel: string): Promise<SlackFinding[]> {
  try {
    await web.conversations.history({ channel, limit: 1 });
  } catch (error) {
    return [fault('channel', `${channel}: ${failureOf(error).reason}`)];
  }
  try {
    const { channel: found } = await web.conversations.info({ channel });
    if (!found?.is_archived) return [well('channel', `${channel} (${found?.name ?? 'no name'}) can be read`)];
    return [fault('channel', `${channel} is archived. Next: unarchive it, or name another in notify.slack.channel`)];
  } catch (error) {
    const { error: refusal, reason } = failureOf(error);
    if (refusal !== 'missing_scope') return [fault('channel', `${channel}: ${reason}`)];
    return [well('channel', `${channel} can be read; that it is not archived, only channels:read could tell`)];
  }
}

/** Asks for an address to connect to and leaves it at that: a second connection would be handed clicks that are the daemon's. */
async function checkWayIn(slack: SlackConfig, { socketMode, request }: SlackDoorConfig): Promise<SlackFinding> {
  if (request) {
    const text = `${request.path} on ${request.host}:${request.port}: press a button to see whether Slack reaches it`;
    return unknown('request URL', text);
  }
  if (!socketMode) return fault('door', 'neither socketMode nor request is configured');
  const { apiUrl, timeout } = slack;
  const web = new WebClient(socketMode.appToken.reveal(), {
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silentLogger,
    ...(apiUrl !== undefined && { slackApiUrl: withSlash(apiUrl) }),
  });
  try {
    await web.apps.connections.open({});
    return well('app token', 'Slack gives it a connection');
  } catch (error) {
    return fault('app token', appTokenFailure(error).reason);
  }
}

async function checkGroups(web: WebClient, door: SlackDoorConfig | undefined): Promise<SlackFinding[]> {
  const looks = (door?.groups ?? []).map(async ({ id, role }) => {
    try {
      const { users = [] } = await web.usergroups.users.list({ usergroup: id });
      return well('group', `${id} (${role}): ${users.length} members`);
    } catch (error) {
      return fault('group', `${id} (${role}) cannot be read, and gives its role to nobody: ${failureOf(error).reason}`);
    }
  });
  return Promise.all(looks);
}

async function checkPeople(web: WebClient, { people }: SlackSettings): Promise<SlackFinding[]> {
  const looks = people.map(async ({ name, slack: id }) => {
    if (id === undefined) return unknown('person', `${name} has no slack id, and answers by the command line alone`);
    try {
      const { user } = await web.users.info({ user: id });
      const is = user?.real_name ?? user?.name ?? 'no name';
      return user?.deleted
        ? fault('person', `${name} (${id}) is deactivated. Next: take them out of people`)
        : well('person', `${name} is ${id} (${is}): see that this is the same person`);
    } catch (error) {
      const { error: refusal, reason } = failureOf(error);
      return refusal === 'missing_scope'
        ? unknown('person', `${name} (${id}): only users:read could tell whether there is one`)
        : fault('person', `${name} (${id}): ${reason}. Next: mend people[].slack`);
    }
  });
  return Promise.all(looks);
}
