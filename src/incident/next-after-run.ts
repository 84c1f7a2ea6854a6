import { formatDuration } from '../core/duration.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import type { IncidentIn } from './state.ts';
import { minute, reminder, tellAbout } from './tell.ts';

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
