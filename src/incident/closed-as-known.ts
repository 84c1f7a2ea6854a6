import type { Decision } from '../model/decision.ts';
import { isNotable, type Verdict } from '../model/verdict.ts';
import type { DaemonState } from './daemon-state.ts';

const hour = 3_600_000;

/** How long a person's word holds: of what was hardly seen, not for long. */
const holdsFor = ({ exemptBecause }: Verdict): number => (exemptBecause === 'only-one-seen' ? hour : 24 * hour);

/** Trouble of some users. A balancer that lets nobody through keeps everybody out, and what has only begun may grow: neither is ever old news. */
const isOfSome = (verdict: Verdict): boolean =>
  isNotable(verdict) && verdict.verdict !== 'pending' && verdict.exemptBecause !== 'balancer';

/** One tenant's or one route's trouble that a person has closed as known, lately: it is no news, while it is no more than that. */
export function isClosedAsKnown({ incidents }: DaemonState, { verdicts }: Decision, now: number): boolean {
  if (verdicts.some(({ verdict }) => verdict === 'breach')) return false;
  const known = [...incidents.values()].flatMap((incident) =>
    incident.status === 'closed' && incident.outcome === 'resolved-by-person'
      ? (incident.frozen?.decision.verdicts ?? []).filter(
          (each) => isOfSome(each) && now - incident.at < holdsFor(each),
        )
      : [],
  );
  const isKnown = (verdict: Verdict) => isOfSome(verdict) && known.some((other) => covers(other, verdict));
  return verdicts.some(isNotable) && verdicts.filter(isNotable).every(isKnown);
}

/** That somebody alone was seen to be affected says nothing about whether the others are well. */
const covers = (known: Verdict, { criterion, exemptBecause, tenants }: Verdict): boolean =>
  known.criterion === criterion &&
  known.exemptBecause === exemptBecause &&
  tenants.every((tenant) => known.tenants.includes(tenant));
