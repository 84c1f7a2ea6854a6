import { outstandingGroups } from '../../../incident/quorum.ts';
import type { IncidentIn } from '../../../incident/state.ts';
import { type Audience, ableToAnswer, groupMention } from './audience.ts';
import { literalText, moment } from './markup.ts';

type Asked = IncidentIn<'awaiting-approval'>;

/** Whose answer is needed until when, and who has given theirs. */
export function questionText(asked: Asked, audience: Audience, now: number): string {
  const { request, approvals } = asked;
  const missing = outstandingGroups(request.quorum, approvals);
  const { deadline } = request;
  const lines = [
    `*Needed*: ${missing.map((group) => group.join(' or ')).join(', and ')}`,
    `• could answer: ${namesOf(ableToAnswer(audience, asked)) || 'nobody of the configuration'}`,
    ...approvals.map(({ person, role, answer, via }) => `• ${answer} by ${literalText(person)} (${role}, ${via})`),
    ...(deadline === undefined ? [] : [`• ${now >= deadline ? 'was due' : 'until'} ${moment(deadline)}`]),
  ];
  return lines.join('\n');
}

const namesOf = ({ people, groups }: Audience): string =>
  [
    ...people.map(({ name }) => literalText(name)),
    ...groups.map(({ id, role }) => `whoever of the configuration is in ${groupMention(id)} (${role}, in Slack alone)`),
  ].join(', ');
