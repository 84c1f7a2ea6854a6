import { formatDuration } from '../core/duration.ts';
import type { DaemonState, RunState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { lastRollbackOf } from './read-state.ts';
import type { Incident, IncidentIn } from './state.ts';
import { minute, ofIncident, ofRun, type Telling, tellAgain, tellOnce } from './tell.ts';
import { endedWithUsersBack, foundAfterwards, stopBegan, stoppedAt, trafficAfterFailure } from './users-back.ts';

/** The daemon resumes it by itself when it starts; where it could not, a person must, and the application may be down. */
export function interruptedRun(state: DaemonState, run: RunState, { now }: Outlook): Move[] {
  const { interruptedAt: since } = run;
  if (since === undefined || now - since < minute) return [];
  const byHand = run.plan.kind === 'rollback' ? '; or finish by hand, then `rollbackd close --reason ...`' : '';
  const text = `${run.run} (${run.plan.kind}) was interrupted and waits: \`rollbackd resume\` takes it up${byHand}.`;
  const first = {
    of: { what: 'interrupted', which: String(since) },
    subject: `${run.run}: interrupted`,
    text,
    urgency: 'alarmed',
  } as const;
  return tellAgain(ofRun(state, run.run), first, { every: 10 * minute, now });
}

/** A rollback that touched nothing, or put back what it had touched: said, and then decided anew. */
export function cameToNothing(incident: Incident, state: DaemonState): Move[] {
  const last = lastRollbackOf(state);
  if (last?.incident !== incident.id || last.status !== 'failed' || stopBegan(last)) return [];
  return tellOnce(ofIncident(incident), {
    of: { what: 'came-to-nothing', which: `${last.run} ${last.endedAt}` },
    subject: `${incident.id}: the rollback came to nothing`,
    text: `${last.run} failed: ${last.reason}. ${trafficAfterFailure(last)}.`,
    urgency: 'alarmed',
  });
}

/** Users are out: a person resumes the run, or puts things right by hand. */
export function failedRollback(
  incident: IncidentIn<'rollback-failed'>,
  { runs }: DaemonState,
  { now }: Outlook,
): Move[] {
  const { run, reason, at } = incident;
  const subject = `${incident.id}: the rollback failed`;
  const known = runs.get(run);
  const traffic = known ? ` ${trafficAfterFailure(known)}.` : '';
  const text = `${run} stopped: ${reason}.${traffic} Resume it when the cause is gone.`;
  const first = { of: { what: 'failed', which: `${run} ${at}` }, subject, text, urgency: 'alarmed' } as const;
  const again = { text: `${text} It failed ${formatDuration(now - at)} ago.` };
  return tellAgain(ofIncident(incident), first, { every: 10 * minute, now }, again);
}

export function afterRollback(incident: IncidentIn<'rolled-back' | 'watching'>, state: DaemonState): Move[] {
  const { run } = incident;
  const { runs, watch } = state;
  const known = runs.get(run);
  const told = known
    ? tellOnce(ofIncident(incident), { ...outcomeOf(known), subject: `${incident.id}: rolled back` })
    : [];
  // One that was resumed while another is watched waits for the end of that watch.
  if (incident.status === 'rolled-back') return watch ? told : [...told, { kind: 'start-watch', run }];
  const reason = `${run} rolled back, and its watch is over`;
  const end: Move = { kind: 'close', incident: incident.id, outcome: 'rolled-back', reason };
  return incident.ended ? [...told, end] : told;
}

/** A person rolled back without any incident: watched and told like every other rollback. */
export function loneRollback(state: DaemonState, { now }: Outlook): Move[] {
  const last = lastRollbackOf(state);
  if (!last || last.incident !== undefined || last.endedAt === undefined) return [];
  if (!endedWithUsersBack(last)) return failedAlone(state, last, last.endedAt, now);
  const told = tellOnce(ofRun(state, last.run), { ...outcomeOf(last), subject: `${last.run}: rolled back` });
  if (!last.watched) return state.watch ? told : [...told, { kind: 'start-watch', run: last.run }];
  return state.watch?.run === last.run ? told : [];
}

function failedAlone(state: DaemonState, last: RunState, endedAt: number, now: number): Move[] {
  const { run, reason, acknowledgedBy } = last;
  if (acknowledgedBy !== undefined) return [];
  const what = `${run} stopped: ${reason}. ${trafficAfterFailure(last)}.`;
  const text = `${what} Resume it when the cause is gone, or acknowledge it.`;
  const of = { what: 'failed', which: String(endedAt) } as const;
  const first = { of, subject: `${run}: the rollback failed`, text, urgency: 'alarmed' } as const;
  return tellAgain(ofRun(state, run), first, { every: 10 * minute, now });
}

/** Users are in again; what failed after that is said aloud, and anew each time that it fails. */
function outcomeOf(run: RunState): Omit<Telling, 'subject'> {
  const found = foundAfterwards(run);
  if (run.status !== 'failed' && found.length === 0) {
    const text = `${run.run} succeeded. rollbackd watches the legacy system now.`;
    return { of: { what: 'rolled-back', which: run.run }, text, urgency: 'told' };
  }
  if (run.status !== 'failed') {
    const text = `Users are in again, and ${run.run} is done. Look at what was found afterwards:\n${found.join('\n')}`;
    return { of: { what: 'rolled-back', which: run.run }, text, urgency: 'alarmed' };
  }
  const text = [
    `Users are in again, but ${stoppedAt(run)}.`,
    `rollbackd watches the legacy system now; \`rollbackd resume\` tries the rest of ${run.run} again.`,
  ].join(' ');
  return { of: { what: 'unfinished', which: `${run.run} ${run.endedAt}` }, text, urgency: 'alarmed' };
}
