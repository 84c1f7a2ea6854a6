import type { Decision } from '../model/decision.ts';
import { isNotable } from '../model/verdict.ts';
import { tellBack } from './back.ts';
import type { DaemonState } from './daemon-state.ts';
import { clearFor, flappingWithin } from './damping.ts';
import type { Move } from './moves.ts';
import { breachesIn, toldIn } from './news.ts';
import type { Outlook } from './outlook.ts';
import type { Incident } from './state.ts';
import { ofIncident, tellOnce } from './tell.ts';

/** Every criterion that was in breach is clear. What could not be seen has not healed. */
export function healed(incident: Incident, decision: Decision): boolean {
  const { state } = incident.containment;
  if (state !== 'none' && state !== 'released') return false;
  const awaited = awaitedIn(incident);
  const now = new Map(decision.verdicts.map((verdict) => [verdict.criterion, verdict.verdict]));
  return (
    decision.action === 'none' && awaited.length > 0 && awaited.every((criterion) => now.get(criterion) === 'clear')
  );
}

/** Opened, and cut off before anything was decided: what it was opened for is all there is to go by. */
function awaitedIn({ frozen, criterion }: Incident) {
  if (!frozen) return [criterion];
  const breaches = breachesIn(frozen.decision);
  return (breaches.length > 0 ? breaches : frozen.decision.verdicts.filter(isNotable)).map((each) => each.criterion);
}

/**
 * What follows where an incident's trouble is over, or was and is back; `undefined` where it lasts. Trouble that has come
 * back before must stay away, longer after each return, before its incident ends: until then its question stands.
 */
export function subsided(incident: Incident, state: DaemonState, outlook: Outlook): Move[] | undefined {
  const { id, clearSince, returns } = incident;
  const { decision, now } = outlook;
  if (clearSince !== undefined && isBack(incident, decision)) {
    return [...tellBack(incident, state), { kind: 'note-return', incident: id }];
  }
  if (!healed(incident, decision)) return clearSince !== undefined && decision.action === 'none' ? [] : undefined;
  const wait = clearFor(returns, flappingWithin(outlook));
  if (wait === 0) return withdrawal(incident);
  if (clearSince === undefined) return [{ kind: 'note-clear', incident: id }];
  return now - clearSince >= wait ? withdrawal(incident) : [];
}

function isBack(incident: Incident, decision: Decision): boolean {
  const awaited = awaitedIn(incident);
  return toldIn(decision).some(({ criterion }) => awaited.includes(criterion));
}

export function withdrawal(incident: Incident): Move[] {
  const reason = 'resolved by itself: what was wrong is clear again, and rollbackd has done nothing about it';
  const telling = {
    of: { what: 'withdrawn' },
    subject: `${incident.id}: resolved, withdrawn`,
    text: `${reason}.`,
    urgency: 'told',
  } as const;
  return [...tellOnce(ofIncident(incident), telling), { kind: 'withdraw', incident: incident.id, reason }];
}
