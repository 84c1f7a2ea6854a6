import { formatDuration } from '../../core/duration.ts';
import type { IncidentView } from '../../doors/socket/client.ts';

type Request = NonNullable<IncidentView['request']>;
type Outline = NonNullable<Request['plan']>;

/** All that a yes or no is about: what a person must have read before they give it. */
export function questionLines(request: Request, now: number): string[] {
  const { incident, revision, planHash, deadline, reasonsFor, reasonsAgainst, plan, approvals } = request;
  const named = `${incident} --revision ${revision}`;
  const until = deadline === undefined ? '' : `, ${deadlineText(deadline - now)}`;
  return [
    line('question', `revision ${revision}, plan ${planHash.slice(0, 12)}${until}`),
    ...reasonsFor.map((reason) => line('for', reason)),
    ...reasonsAgainst.map((reason) => line('against', reason)),
    ...(plan ? outlineLines(plan) : [line('plan', 'see `rollbackd rollback --dry-run`')]),
    ...approvals.map(({ answer, person, role, roles = [role] }) =>
      line('answer', `${answer} by ${person} (${roles.join(', ')})`),
    ),
    line('to answer', `rollbackd approve ${named}, or rollbackd reject ${named} --reason TEXT`),
  ];
}

const line = (title: string, text: string): string => `  ${title.padEnd(11)}${text}`;

function outlineLines(plan: Outline): string[] {
  const { legacyCommit, steps, expectedMs, replaces, bringsIn, inUnified, forgoes, pointOfNoReturn } = plan;
  const length = `${steps} steps, about ${formatDuration(expectedMs)}`;
  return [
    line('plan', `${length}, back to ${legacyCommit.slice(0, 12)}; each step: rollbackd rollback --dry-run`),
    ...(forgoes === undefined ? [] : [line('NOT KEPT', forgoes)]),
    ...(inUnified ? [line('IN UNIFIED', `${inUnified.database}: ${inUnified.effect}`)] : []),
    ...replaces.map(({ database, effect }) => line('replaced', `${database}: ${effect}`)),
    ...(replaces.length === 0 ? [line('replaced', inUnified ? 'no other database' : 'no database')] : []),
    ...(bringsIn.length > 0 ? [line('brought in', bringsIn.join(', '))] : []),
    ...(pointOfNoReturn ? [line('no return', `from ${pointOfNoReturn.step} on: ${pointOfNoReturn.effect}`)] : []),
  ];
}

const deadlineText = (left: number): string =>
  left > 0 ? `to be answered within ${formatDuration(left)}` : `overdue by ${formatDuration(-left)}`;
