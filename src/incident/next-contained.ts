import { formatDuration } from '../core/duration.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import type { Containment, Incident } from './state.ts';
import { minute, ofIncident, tellAgain } from './tell.ts';

/** The application is stopped, or was to be: said until a person has settled it. */
export function tellContainment(incident: Incident, { now }: Outlook): Move[] {
  const { containment } = incident;
  if (containment.state === 'failed') {
    return containment.releasingBy === undefined
      ? tellFailed(incident, containment, now)
      : tellUnreleased(incident, containment.releasingBy, containment.at, now);
  }
  if (containment.state !== 'proven') return [];
  const first = {
    of: { what: 'contained', which: String(containment.at) },
    subject: `${incident.id}: the application is contained`,
    text: `Stopped for ${formatDuration(now - containment.at)} now. Roll back, or release the containment.`,
    urgency: 'told',
  } as const;
  return tellAgain(ofIncident(incident), first, { every: 30 * minute, now }, { urgency: 'alarmed' });
}

function tellFailed(incident: Incident, failed: Extract<Containment, { state: 'failed' }>, now: number): Move[] {
  const { run, reason, fenced, at } = failed;
  const what = fenced
    ? `Nothing of the application answers or writes now. Put right what failed, then resume ${run}: it may not stay so.`
    : `The application may still be leaking: stop it by hand, or resume ${run}.`;
  const first = {
    of: { what: 'containment-failed', which: String(at) },
    subject: `${incident.id}: containment failed`,
    text: `${reason}. ${what}`,
    urgency: 'alarmed',
  } as const;
  return tellAgain(ofIncident(incident), first, { every: 10 * minute, now });
}

/** A release takes its time; one that has not ended by then was cut off, or did not work. */
function tellUnreleased(incident: Incident, person: string, at: number, now: number): Move[] {
  if (now - at < 3 * minute) return [];
  const first = {
    of: { what: 'unreleased', which: String(at) },
    subject: `${incident.id}: half released`,
    text: `${person} began to release the containment ${formatDuration(now - at)} ago, and it has not ended since. The application may be serving, and leaking: release it again, or roll back.`,
    urgency: 'alarmed',
  } as const;
  const unsnoozed = { ...ofIncident(incident), quietUntil: undefined };
  return tellAgain(unsnoozed, first, { every: 3 * minute, now });
}
