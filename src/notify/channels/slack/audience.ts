import { mayAnswer, outstandingGroups } from '../../../incident/quorum.ts';
import type { IncidentIn } from '../../../incident/state.ts';
import type { Person, Role } from '../../../model/person.ts';

/** Everybody who may be called in Slack. */
export interface Audience {
  readonly people: readonly (Person & { readonly slack?: string | undefined })[];
  /** User groups whose members hold a role besides those of their own. */
  readonly groups: readonly { readonly id: string; readonly role: Role }[];
}

export const groupMention = (id: string): string => `<!subteam^${id}>`;

/** Those who hold such a role, as far as the configuration tells: of a user group only Slack knows who is in it. */
export function holders({ people, groups }: Audience, isWanted: (role: Role) => boolean): Audience {
  return {
    people: people.filter(({ roles }) => roles.some(isWanted)),
    groups: groups.filter(({ role }) => isWanted(role)),
  };
}

/** Those whose answer is still missing. */
export function ableToAnswer(audience: Audience, { request, approvals }: IncidentIn<'awaiting-approval'>): Audience {
  const missing = outstandingGroups(request.quorum, approvals);
  return holders(audience, (role) => mayAnswer(role, missing));
}
