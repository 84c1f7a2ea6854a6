import { formatDuration } from '../../core/duration.ts';
import type { IncidentView } from '../../doors/socket/client.ts';
import { questionLines } from './question.ts';

export function incidentLines(incident: IncidentView, now: number): string[] {
  const { id, criterion, tier, status, openedAt, tenants } = incident;
  return [
    `incident ${id}: ${criterion} (${tier}), ${status}, opened ${formatDuration(now - openedAt)} ago`,
    ...(tenants.length > 0 ? [`  tenants    ${tenants.join(', ')}`] : []),
    ...containmentLines(incident, now),
    ...(incident.request ? questionLines(incident.request, now) : []),
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
