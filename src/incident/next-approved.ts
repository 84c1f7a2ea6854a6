import { formatDuration } from '../core/duration.ts';
import type { DaemonState } from './daemon-state.ts';
import { leaksOn } from './leaks-on.ts';
import type { Move } from './moves.ts';
import { changedPlan, reconsidered, withdrawal } from './next-before-run.ts';
import type { Outlook } from './outlook.ts';
import { healed } from './revise.ts';
import type { IncidentIn } from './state.ts';
import { minute, reminder, repeated, tellAbout } from './tell.ts';

type Approved = IncidentIn<'approved'>;

/** What people approved is begun, unless it is paused; where it does not begin, they do not wait in vain. */
export function movesOfApproved(incident: Approved, state: DaemonState, outlook: Outlook): Move[] {
  const { request, people } = incident;
  const { paused } = state;
  if (paused && outlook.now < paused.until) {
    return reconsidered(incident, outlook) ?? tellPaused(incident, paused, outlook.now);
  }
  if (healed(incident, outlook.decision)) return withdrawal(incident);
  const changed = changedPlan(incident, outlook);
  if (changed) return changed;
  const authority = { by: 'approval' as const, people: [...people] };
  // A rollback prepares itself for minutes before it stops anything.
  if (leaksOn(incident)) return [{ kind: 'contain', incident: incident.id, authority }];
  return [
    ...tellNotBegun(incident, state, outlook.now),
    { kind: 'start-rollback', incident: incident.id, authority, planHash: request.planHash },
  ];
}

function tellPaused(incident: Approved, paused: NonNullable<DaemonState['paused']>, now: number): Move[] {
  const { request, people, at } = incident;
  const once = `r${request.revision}.paused`;
  const topic = repeated(incident, once, { since: Math.max(at, paused.at), every: 10 * minute, now }) ?? once;
  const text = `Approved by ${people.join(', ')}, but ${paused.person} paused acting: ${paused.reason}. Unpause to go on.`;
  return tellAbout(incident, { topic, subject: `${incident.id}: approved, but paused`, text, urgency: 'alarmed' });
}

/** Another daemon holds the lease, or no plan can be made: whatever it is, the rollback is still asked for. */
function tellNotBegun(incident: Approved, { paused, unpausedAt = 0 }: DaemonState, now: number): Move[] {
  const { id, request, people, at } = incident;
  const since = Math.max(at, unpausedAt, paused?.until ?? 0);
  const topic = reminder(`r${request.revision}.not-begun-${since}`, since, 2 * minute, now);
  if (!topic) return [];
  const waited = formatDuration(now - since);
  const text = `Approved by ${people.join(', ')}, but it has not begun for ${waited}: see \`rollbackd status\` and the log.`;
  return tellAbout(incident, { topic, subject: `${id}: approved, but not begun`, text, urgency: 'alarmed' });
}
