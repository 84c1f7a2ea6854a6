import { never } from '../core/errors.ts';
import { isClosedAsKnown } from './closed-as-known.ts';
import type { DaemonState } from './daemon-state.ts';
import { isToldLately, returnsOf } from './damping.ts';
import { evidenceHash } from './evidence.ts';
import type { Move } from './moves.ts';
import { afterRollback, cameToNothing, failedRollback, interruptedRun, loneRollback } from './next-after-run.ts';
import { movesOfApproved } from './next-approved.ts';
import { movesOfAwaiting } from './next-awaiting.ts';
import { tellBlindness } from './next-blindness.ts';
import { movesOfOpen } from './next-open.ts';
import { lapsedArming } from './next-power.ts';
import { movesOfRejected } from './next-rejected.ts';
import { movesOfWatch, overdueAcknowledgement } from './next-watch.ts';
import type { Outlook } from './outlook.ts';
import { openIncidentOf, runUnderWay } from './read-state.ts';

/**
 * What the engine should do now, derived from the journal and the fresh decision. Writing down what it says and asking
 * again leads to nothing more, so that it may be asked at any time, after a crash too. While a run is under way
 * there is nothing else to do, but to say so when it does not go on.
 */
export function nextMoves(state: DaemonState, outlook: Outlook): Move[] {
  const run = runUnderWay(state);
  if (run) return interruptedRun(state, run, outlook);
  const lapsed = lapsedArming(state, outlook);
  // All else follows from the power that is left.
  if (lapsed.length > 0) return lapsed;
  return [...tellBlindness(state, outlook), ...movesOf(state, outlook)];
}

function movesOf(state: DaemonState, outlook: Outlook): Move[] {
  const incident = openIncidentOf(state);
  if (!incident)
    return [
      ...movesOfWatch(state, outlook),
      ...loneRollback(state, outlook),
      ...overdueAcknowledgement(state, outlook),
      ...opening(state, outlook),
    ];
  switch (incident.status) {
    case 'open':
      return [...cameToNothing(incident, state), ...movesOfOpen(incident, state, outlook)];
    case 'awaiting-approval':
      return movesOfAwaiting(incident, state, outlook);
    case 'approved':
      return movesOfApproved(incident, state, outlook);
    case 'rejected':
      return movesOfRejected(incident, state, outlook);
    case 'rollback-failed':
      return failedRollback(incident, state, outlook);
    case 'rolled-back':
    case 'watching':
      return [
        ...movesOfWatch(state, outlook),
        ...afterRollback(incident, state),
        ...overdueAcknowledgement(state, outlook),
      ];
    case 'rolling-back':
    case 'closed':
      return [];
    default:
      return never(incident);
  }
}

function opening(state: DaemonState, outlook: Outlook): Move[] {
  const { decision, now } = outlook;
  if (state.watch || decision.action === 'none' || isClosedAsKnown(state, decision, now)) return [];
  const returns = returnsOf(state, decision, outlook);
  const quiet = isToldLately(state, decision, outlook);
  return [{ kind: 'open-incident', decision, evidenceHash: evidenceHash(decision), returns, quiet }];
}
