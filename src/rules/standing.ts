import type { CriterionName, Verdict } from '../model/verdict.ts';

/** What has been done already, as far as it changes how verdicts are read and what may still be done alone. */
export interface Standing {
  readonly containment: 'none' | 'begun' | 'proven' | 'failed' | 'released';
  /** A run has the application in its hands, or has failed with it in its hands. */
  readonly stoppedByRun: boolean;
  /** A rollback has been done and is being watched: nothing happens by itself. */
  readonly watching: boolean;
  /** What was in breach when a person said no in this incident. */
  readonly rejectedFor: readonly CriterionName[];
  /** The verdicts that the incident's decision was made on. */
  readonly frozen: readonly Verdict[];
}

export const nothingStanding: Standing = {
  containment: 'none',
  stoppedByRun: false,
  watching: false,
  rejectedFor: [],
  frozen: [],
};

/**
 * Our own doing is not the application's fault, and an application that we stopped proves nothing about itself:
 * its downtime is exempt, and what it was stopped for stands until it serves again.
 */
export function underStanding(verdict: Verdict, standing: Standing): Verdict {
  if (!stoppedByUs(standing)) return verdict;
  if (verdict.first === 'contain') {
    return verdict.verdict === 'breach' ? verdict : (carriedOver(verdict, standing) ?? verdict);
  }
  return isSettled(verdict) ? verdict : exempt(verdict, standing);
}

/** Whether our doing leaves it as it is: a balancer that shows maintenance for us keeps users out, too. */
const isSettled = ({ verdict, exemptBecause }: Verdict): boolean =>
  verdict === 'clear' || (verdict === 'exempt' && exemptBecause !== 'balancer');

export const stoppedByUs = ({ containment, stoppedByRun }: Standing): boolean =>
  stoppedByRun || containment === 'begun' || containment === 'proven' || containment === 'failed';

function exempt(verdict: Verdict, { stoppedByRun }: Standing): Verdict {
  const why = stoppedByRun ? 'a run has stopped the application' : 'the application is contained';
  return {
    ...verdict,
    verdict: 'exempt',
    exemptBecause: 'own-doing',
    told: false,
    reason: `${why}: its downtime is ours (${verdict.reason})`,
  };
}

function carriedOver(verdict: Verdict, { frozen, stoppedByRun }: Standing): Verdict | undefined {
  if (stoppedByRun) return undefined;
  const before = frozen.find((other) => other.criterion === verdict.criterion && other.verdict === 'breach');
  const note = ' (seen before the application was contained)';
  return before && { ...before, reason: before.reason.endsWith(note) ? before.reason : `${before.reason}${note}` };
}
