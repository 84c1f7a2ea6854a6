import { formatDuration } from '../core/duration.ts';
import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { lastRollbackOf } from './read-state.ts';
import type { IncidentIn } from './state.ts';
import { minute, reminder, tellAbout, tellAboutRun } from './tell.ts';

/** Traffic stays off: a person resumes the run, or puts things right by hand. */
export function failedRollback(incident: IncidentIn<'rollback-failed'>, { now }: Outlook): Move[] {
  const { run, reason, at } = incident;
  const subject = `${incident.id}: the rollback failed`;
  const text = `${run} stopped: ${reason}. Resume it when the cause is gone.`;
  const late = reminder(`failed-${run}-${at}`, at, 10 * minute, now);
  const again = late
    ? tellAbout(incident, {
        topic: late,
        subject,
        text: `${text} It failed ${formatDuration(now - at)} ago.`,
        urgency: 'alarmed',
      })
    : [];
  return [...tellAbout(incident, { topic: `failed-${run}-${at}`, subject, text, urgency: 'alarmed' }), ...again];
}

export function afterRollback(incident: IncidentIn<'rolled-back' | 'watching'>): Move[] {
  const { run } = incident;
  if (incident.status === 'watching') {
    const reason = `${run} rolled back, and its watch is over`;
    return incident.ended ? [{ kind: 'close', incident: incident.id, outcome: 'rolled-back', reason }] : [];
  }
  const subject = `${incident.id}: rolled back`;
  const text = `${run} succeeded. The legacy system is being watched.`;
  return [
    ...tellAbout(incident, { topic: `rolled-back-${run}`, subject, text, urgency: 'told' }),
    { kind: 'start-watch', run },
  ];
}

/** A person rolled back without any incident: watched and told like every other rollback. */
export function loneRollback(state: DaemonState, { now }: Outlook): Move[] {
  const last = lastRollbackOf(state);
  if (!last || last.incident !== undefined || last.endedAt === undefined) return [];
  const { run, endedAt, reason } = last;
  if (last.status === 'failed' && last.acknowledgedBy === undefined) {
    const topic = reminder(`failed-${endedAt}`, endedAt, 10 * minute, now) ?? `failed-${endedAt}`;
    const text = `${run} stopped: ${reason}. Resume it when the cause is gone, or acknowledge it.`;
    return tellAboutRun(state, run, { topic, subject: `${run}: the rollback failed`, text, urgency: 'alarmed' });
  }
  if (last.status !== 'succeeded' || last.watched) return [];
  const text = `${run} succeeded. The legacy system is being watched.`;
  return [
    ...tellAboutRun(state, run, { topic: 'rolled-back', subject: `${run}: rolled back`, text, urgency: 'told' }),
    { kind: 'start-watch', run },
  ];
}
