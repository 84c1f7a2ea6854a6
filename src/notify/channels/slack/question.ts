import { mayAnswer, outstandingGroups } from '../../../incident/quorum.ts';
import type { IncidentIn } from '../../../incident/state.ts';
import type { Person } from '../../../model/person.ts';
import { escapeText, moment } from './markup.ts';

type Asked = IncidentIn<'awaiting-approval'>;

/** Whose answer is needed until when, and who has given theirs. */
export function questionText({ request, approvals }: Asked, people: readonly Person[], now: number): string {
  const missing = outstandingGroups(request.quorum, approvals);
  const able = people.filter(({ roles }) => roles.some((role) => mayAnswer(role, missing)));
  const { deadline } = request;
  const lines = [
    `*Needed*: ${missing.map((group) => group.join(' or ')).join(', and ')}`,
    `• could answer: ${able.map(({ name }) => escapeText(name)).join(', ') || 'nobody of the configuration'}`,
    ...approvals.map(({ person, role, answer, via }) => `• ${answer} by ${escapeText(person)} (${role}, ${via})`),
    ...(deadline === undefined ? [] : [`• ${now >= deadline ? 'was due' : 'until'} ${moment(deadline)}`]),
  ];
  return lines.join('\n');
}
