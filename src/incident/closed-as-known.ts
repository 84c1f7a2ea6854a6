import type { Decision } from '../model/decision.ts';
import type { Verdict } from '../model/verdict.ts';
import type { DaemonState } from './daemon-state.ts';

/** No reason for a rollback, but told until it is over or a person closes it. */
export const isNotable = ({ verdict, exemptBecause }: Verdict): boolean =>
  verdict === 'exempt' && exemptBecause !== undefined && exemptBecause !== 'own-doing';

/** How long a person's word holds. */
const day = 24 * 3_600_000;

/** One tenant's or one route's trouble that a person has closed as known, lately: it is no news, while it is no more than that. */
export function isClosedAsKnown({ incidents }: DaemonState, { verdicts }: Decision, now: number): boolean {
  if (verdicts.some(({ verdict }) => verdict === 'breach')) return false;
  const known = [...incidents.values()].flatMap((incident) =>
    incident.status === 'closed' && incident.outcome === 'resolved-by-person' && now - incident.at < day
      ? (incident.frozen?.decision.verdicts ?? []).filter(isNotable)
      : [],
  );
  const isKnown = ({ criterion, tenants }: Verdict) =>
    known.some((other) => other.criterion === criterion && tenants.every((tenant) => other.tenants.includes(tenant)));
  return verdicts.some(isNotable) && verdicts.filter(isNotable).every(isKnown);
}
