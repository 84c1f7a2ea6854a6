import type { Caller } from '../../commands/context.ts';
import type { PeopleConfig, SlackDoorConfig } from '../schema.ts';
import type { Groups } from './groups.ts';
import type { Interaction } from './interaction.ts';

/** The workspace and the application that are configured: of any other one, nothing means anything here. */
export const isOurs = ({ team, api_app_id }: Interaction, { teamId, appId }: SlackDoorConfig): boolean =>
  team.id === teamId && api_app_id === appId;

export const isOfOurTeam = ({ team }: Interaction, { teamId }: SlackDoorConfig): boolean => team.id === teamId;

/** By the user's id alone, never by a name. Groups give roles to people of the configuration, and make nobody one of them. */
export async function callerOf(user: string, people: PeopleConfig, groups: Groups): Promise<Caller> {
  const known = people.find(({ slack }) => slack === user);
  if (!known) return { name: `Slack user ${user}`, roles: [], via: 'slack' };
  const roles = [...new Set([...known.roles, ...(await groups.rolesOf(user))])];
  return { name: known.name, roles, via: 'slack' };
}
