import { courseOf } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { isAskedLately } from './damping.ts';
import { subsided } from './healing.ts';
import type { Move } from './moves.ts';
import { newsOf } from './news.ts';
import { tellAlso } from './next-also.ts';
import { tellContainment } from './next-contained.ts';
import type { Outlook } from './outlook.ts';
import { overdue } from './overdue.ts';
import { deadlineFor, quorumFor } from './quorum.ts';
import { paceOf, stillWaiting } from './reminding.ts';
import { revision } from './revision.ts';
import type { FrozenDecision, IncidentIn } from './state.ts';
import { backText, sentence, summary, urgencyOf } from './summary.ts';
import { ofIncident, tellAgain, tellOnce } from './tell.ts';

type Open = IncidentIn<'open'>;

export function movesOfOpen(incident: Open, state: DaemonState, outlook: Outlook): Move[] {
  const over = subsided(incident, state, outlook);
  if (over) return over;
  const news = newsOf(incident, outlook);
  if (news) return revision(incident, news, state, outlook);
  const { frozen } = incident;
  if (!frozen) return [];
  return [
    ...tellDecision(incident, frozen, outlook),
    ...tellAlso(incident, outlook.decision),
    ...tellContainment(incident, outlook),
    ...acting(incident, frozen, state, outlook),
  ];
}

function tellDecision(incident: Open, { revision: number, decision, quiet }: FrozenDecision, outlook: Outlook): Move[] {
  const back = backText(incident);
  const first = {
    of: { what: 'decided', revision: number },
    subject: `${incident.id}: ${decision.criterion ?? incident.criterion} (${incident.tier})`,
    text: [...(back === undefined ? [] : [sentence(back)]), summary(incident)].join('\n'),
    urgency: quiet ? 'told' : urgencyOf(decision),
  } as const;
  const again = { ...stillWaiting(incident, outlook, incident.openedAt), urgency: urgencyOf(decision) };
  return tellAgain(ofIncident(incident), first, paceOf(incident, outlook), again);
}

/** Acting follows what is seen now; asking follows what was decided, so that blindness since then silences nobody. */
function acting(incident: Open, frozen: FrozenDecision, state: DaemonState, outlook: Outlook): Move[] {
  const { id: about, containment, rejectedFor } = incident;
  const { action } = outlook.decision;
  if (action === 'contain' && containment.state === 'none')
    return [{ kind: 'contain', incident: about, authority: { by: 'daemon' } }];
  const contained = frozen.decision.action !== 'contain' || containment.state === 'proven';
  if (action === 'rollback' && contained && rejectedFor.length === 0) {
    return [{ kind: 'start-rollback', incident: about, authority: { by: 'daemon' }, planHash: outlook.planHash }];
  }
  return courseOf(frozen.decision) === 'page' ? asking(incident, frozen, state, outlook) : [];
}

function asking(incident: Open, frozen: FrozenDecision, state: DaemonState, outlook: Outlook): Move[] {
  const { revision: number, evidenceHash, decision } = frozen;
  const { planHash, plan } = outlook;
  const deadline = deadlineFor(incident.tier, incident.openedAt);
  if (planHash === undefined) {
    return [...tellNoPlan(incident, number), ...overdue(incident, { revision: number, deadline }, outlook)];
  }
  const subject = { incident: incident.id, revision: number, planHash, evidenceHash };
  const samePlan = incident.asked === undefined || incident.asked.planHash === planHash;
  const quiet = samePlan && isAskedLately(state, decision, outlook);
  return [{ kind: 'request-approval', ...subject, quorum: quorumFor(incident.tier), deadline, plan, quiet }];
}

function tellNoPlan(incident: Open, number: number): Move[] {
  return tellOnce(ofIncident(incident), {
    of: { what: 'no-plan', revision: number },
    subject: `${incident.id}: no plan`,
    text: 'rollbackd can make no plan at present, so it can ask nobody to approve one. The guard "plan" says why.',
    urgency: 'alarmed',
  });
}
