import { formatDuration } from '../core/duration.ts';
import type { DaemonState } from './daemon-state.ts';
import { subsided } from './healing.ts';
import { leaksOn } from './leaks-on.ts';
import type { Move } from './moves.ts';
import { newsOf } from './news.ts';
import { reconsidered } from './next-awaiting.ts';
import type { Outlook } from './outlook.ts';
import { revision } from './revision.ts';
import type { IncidentIn } from './state.ts';
import { minute, ofIncident, tellAgain } from './tell.ts';

type Approved = IncidentIn<'approved'>;

/** What people approved is begun, unless it is paused; where it does not begin, they do not wait in vain. */
export function movesOfApproved(incident: Approved, state: DaemonState, outlook: Outlook): Move[] {
  const { request, people } = incident;
  const { paused } = state;
  if (paused && outlook.now < paused.until) {
    return reconsidered(incident, state, outlook) ?? tellPaused(incident, paused, outlook.now);
  }
  const over = subsided(incident, state, outlook);
  if (over) return over;
  // Whatever else is new: they have said yes to this plan.
  const news = newsOf(incident, outlook);
  if (news?.news === 'plan') return revision(incident, news, state, outlook);
  const authority = { by: 'approval' as const, people: [...people] };
  // A rollback prepares itself for minutes before it stops anything.
  if (leaksOn(incident)) return [{ kind: 'contain', incident: incident.id, authority }];
  return [
    ...tellNotBegun(incident, state, outlook.now),
    { kind: 'start-rollback', incident: incident.id, authority, planHash: request.planHash },
  ];
}

function tellPaused(incident: Approved, paused: NonNullable<DaemonState['paused']>, now: number): Move[] {
  const { request, people } = incident;
  const first = {
    of: { what: 'paused', revision: request.revision },
    subject: `${incident.id}: approved, but paused`,
    text: `Approved by ${people.join(', ')}, but ${paused.person} paused acting: ${paused.reason}. \`rollbackd unpause\` goes on.`,
    urgency: 'alarmed',
  } as const;
  return tellAgain(ofIncident(incident), first, { every: 10 * minute, now });
}

/** Another daemon holds the lease, or no plan can be made: whatever it is, the rollback is still asked for. */
function tellNotBegun(incident: Approved, { paused, unpausedAt = 0 }: DaemonState, now: number): Move[] {
  const { id, request, people, at } = incident;
  const since = Math.max(at, unpausedAt, paused?.until ?? 0);
  if (now - since < 2 * minute) return [];
  const first = {
    of: { what: 'not-begun', revision: request.revision, which: String(since) },
    subject: `${id}: approved, but not begun`,
    text: `Approved by ${people.join(', ')}, but it has not begun for ${formatDuration(now - since)}: see \`rollbackd status\` and the log.`,
    urgency: 'alarmed',
  } as const;
  const unsnoozed = { ...ofIncident(incident), quietUntil: undefined };
  return tellAgain(unsnoozed, first, { every: 2 * minute, now });
}
