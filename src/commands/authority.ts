import { outstandingGroups } from '../incident/quorum.ts';
import type { IncidentIn } from '../incident/state.ts';
import type { Person, Role } from '../model/person.ts';
import { leaders, role } from '../model/person.ts';
import type { Caller, CommandContext } from './context.ts';
import { CommandRefused } from './refusal.ts';

export { leaders };

/** The first of the wanted roles that the caller holds. Errors: `not-authorised`, naming those who could. */
export function requireRole(
  { settings }: Pick<CommandContext, 'settings'>,
  caller: Caller,
  wanted: readonly Role[],
  deed: string,
): Role {
  const held = wanted.find((each) => caller.roles.includes(each));
  if (held) return held;
  throw new CommandRefused('not-authorised', `${described(caller)} may not ${deed}: it takes ${oneOf(wanted)}`, {
    remedy: whoCould(settings.people, wanted),
  });
}

/** Anybody whom the configuration names. Errors: `not-authorised`. */
export const requirePerson = (context: Pick<CommandContext, 'settings'>, caller: Caller, deed: string): Role =>
  requireRole(context, caller, role.options, deed);

export function whoCould(people: readonly Person[], wanted: readonly Role[]): string {
  const able = people.filter(({ roles }) => roles.some((each) => wanted.includes(each)));
  if (able.length === 0) return `nobody in the configuration's \`people\` is ${oneOf(wanted)}: add somebody who is`;
  return `ask ${able.map(described).join(', or ')}`;
}

export const oneOf = (roles: readonly Role[]): string =>
  roles.length === role.options.length ? 'a person of the configuration' : roles.join(', or ');

/** The yes that a question still takes, in words. */
export const stillTakes = ({ request, approvals }: IncidentIn<'awaiting-approval'>): string =>
  outstandingGroups(request.quorum, approvals).map(oneOf).join(' and ');

/** Who of the people could give it. */
export function whoCouldAnswer(
  people: readonly Person[],
  { request, approvals }: IncidentIn<'awaiting-approval'>,
): string {
  const silent = people.filter(({ name }) => !approvals.some(({ person }) => person === name));
  return whoCould(silent, outstandingGroups(request.quorum, approvals).flat());
}

const described = ({ name, roles }: Person): string =>
  `${name} (${roles.length > 0 ? roles.join(', ') : 'not among the configured people'})`;
