import { formatDuration } from '../../core/duration.ts';
import type { IncidentView } from '../../doors/socket/client.ts';

export function incidentLines(incident: IncidentView, now: number): string[] {
  const { id, criterion, tier, status, openedAt, tenants } = incident;
  return [
    `incident ${id}: ${criterion} (${tier}), ${status}, opened ${formatDuration(now - openedAt)} ago`,
    ...(tenants.length > 0 ? [`  tenants    ${tenants.join(', ')}`] : []),
    ...containmentLines(incident, now),
    ...questionLines(incident, now),
    ...snoozeLines(incident, now),
    `  waits for  ${incident.waitsFor}`,
  ];
}

function snoozeLines({ snoozed }: IncidentView, now: number): string[] {
  if (!snoozed || snoozed.until <= now) return [];
  return [`  snoozed    by ${snoozed.person} for another ${formatDuration(snoozed.until - now)}`];
}

function containmentLines({ containment }: IncidentView, now: number): string[] {
  if (containment.state === 'none') return [];
  const age = containment.at === undefined ? '' : ` ${formatDuration(now - containment.at)} ago`;
  return [`  contained  ${containment.state}${age}`];
}

function questionLines({ request }: IncidentView, now: number): string[] {
  if (!request) return [];
  const { revision, planHash, deadline, approvals } = request;
  const until = deadline === undefined ? '' : `, ${deadlineText(deadline - now)}`;
  return [
    `  question   revision ${revision}, plan ${planHash.slice(0, 12)}${until}`,
    ...approvals.map(
      ({ answer, person, role, roles = [role] }) => `  answer     ${answer} by ${person} (${roles.join(', ')})`,
    ),
  ];
}

const deadlineText = (left: number): string =>
  left > 0 ? `to be answered within ${formatDuration(left)}` : `overdue by ${formatDuration(-left)}`;
