import type { Decision } from '../model/decision.ts';
import { isNotable } from '../model/verdict.ts';
import { courseOf } from './course.ts';
import { evidenceHash } from './evidence.ts';
import { isMateriallyWorse } from './materially-worse.ts';
import type { Move } from './moves.ts';
import { notOffered } from './not-offered.ts';
import type { Incident } from './state.ts';

/** Why what was decided no longer stands; `undefined` where it does. A decision of none is no news: blindness, or doubt. */
export function reasonToRevise(incident: Incident, decision: Decision): string | undefined {
  if (decision.action === 'none') return undefined;
  if (!incident.frozen) return 'nothing had been decided';
  const before = incident.frozen.decision;
  const worse = isMateriallyWorse(incident, decision);
  if (worse) return worse;
  if (courseOf(before) !== courseOf(decision) && !isMerelyInterrupted(incident, decision)) {
    return `${courseOf(decision)} instead of ${courseOf(before)}`;
  }
  return decision.action === 'contain' && before.action !== 'contain' ? 'it may now be contained' : undefined;
}

/** No yes is taken while a rollback would not help, but the question stands: the same one would be asked again after it. */
const isMerelyInterrupted = ({ status }: Incident, decision: Decision): boolean =>
  status === 'awaiting-approval' && notOffered(decision) !== undefined;

/** A no is final for what it was said to: no other course and no jitter brings the question back. */
export const reasonToAskAgain = (incident: Incident, decision: Decision): string | undefined =>
  decision.action === 'none' ? undefined : isMateriallyWorse(incident, decision);

/** A new revision voids every earlier click, and the incident is open again. */
export function revision(incident: Incident, decision: Decision, why: string): Move[] {
  const next = (incident.frozen?.revision ?? 0) + 1;
  const hash = evidenceHash(decision);
  return [{ kind: 'record-decision', incident: incident.id, revision: next, decision, evidenceHash: hash, why }];
}

/** Every criterion that was in breach is clear. What could not be seen has not healed. */
export function healed(incident: Incident, decision: Decision): boolean {
  const { state } = incident.containment;
  if (state !== 'none' && state !== 'released') return false;
  const verdicts = incident.frozen?.decision.verdicts ?? [];
  const inBreach = verdicts.filter(({ verdict }) => verdict === 'breach');
  const breached = (inBreach.length > 0 ? inBreach : verdicts.filter(isNotable)).map(({ criterion }) => criterion);
  // Opened, and cut off before anything was decided: what it was opened for is all there is to go by.
  const awaited = incident.frozen ? breached : [incident.criterion];
  const now = new Map(decision.verdicts.map((verdict) => [verdict.criterion, verdict.verdict]));
  return (
    decision.action === 'none' && awaited.length > 0 && awaited.every((criterion) => now.get(criterion) === 'clear')
  );
}
