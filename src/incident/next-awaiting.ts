import type { Decision } from '../model/decision.ts';
import { standsText } from './back.ts';
import { notOffered } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { subsided } from './healing.ts';
import type { Move } from './moves.ts';
import { newsOf } from './news.ts';
import { tellAlso } from './next-also.ts';
import { tellContainment } from './next-contained.ts';
import type { Outlook } from './outlook.ts';
import { overdue } from './overdue.ts';
import { notOfferedText, paceOf, stillWaiting } from './reminding.ts';
import { revision } from './revision.ts';
import type { ApprovalRequest, IncidentIn } from './state.ts';
import { summary } from './summary.ts';
import { ofIncident, tellAgain, tellOnce } from './tell.ts';

type Awaiting = IncidentIn<'awaiting-approval'>;

export function movesOfAwaiting(incident: Awaiting, state: DaemonState, outlook: Outlook): Move[] {
  const { request } = incident;
  return (
    reconsidered(incident, state, outlook) ?? [
      ...tellContainment(incident, outlook),
      ...tellQuestion(incident, state, outlook),
      ...tellAlso(incident, outlook.decision),
      ...tellNotOffered(incident, outlook.decision),
      ...overdue(incident, request, outlook),
    ]
  );
}

export function reconsidered(
  incident: IncidentIn<'awaiting-approval' | 'approved'>,
  state: DaemonState,
  outlook: Outlook,
): Move[] | undefined {
  const over = subsided(incident, state, outlook);
  if (over) return over;
  const news = newsOf(incident, outlook);
  return news && revision(incident, news, state, outlook);
}

function tellQuestion(incident: Awaiting, state: DaemonState, outlook: Outlook): Move[] {
  const { id, request } = incident;
  const first = {
    of: { what: 'asked', revision: request.revision },
    subject: request.quiet ? `${id}: the question stands` : `${id}: your approval is needed`,
    text: [...(request.quiet ? [standsText(incident, state)] : []), summary(incident), neededText(request)].join('\n'),
    urgency: request.quiet ? 'told' : 'asked',
  } as const;
  return tellAgain(
    ofIncident(incident),
    first,
    paceOf(incident, outlook),
    stillWaiting(incident, outlook, request.requestedAt),
  );
}

/** By incident and revision the command line knows what was read. */
function neededText({ incident, quorum, revision: number }: ApprovalRequest): string {
  const needed = quorum.map((group) => group.join(' or ')).join(', and ');
  const named = `${incident} --revision ${number}`;
  const how = `\`rollbackd approve ${named}\`, or \`rollbackd reject ${named} --reason ...\``;
  return `Needed: ${needed}.\n\`rollbackd status\` shows the plan; ${how}.`;
}

/** Once a question, however often it comes and goes: reminders say it too. */
function tellNotOffered(incident: Awaiting, decision: Decision): Move[] {
  const why = notOffered(decision);
  if (why === undefined) return [];
  return tellOnce(ofIncident(incident), {
    of: { what: 'not-offered', revision: incident.request.revision },
    subject: `${incident.id}: no rollback is offered at the moment`,
    text: `${notOfferedText(why)} The question and its answers stand; a no is taken.`,
    urgency: 'alarmed',
  });
}
