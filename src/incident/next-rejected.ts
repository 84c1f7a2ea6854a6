import { courseOf } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { healed } from './healing.ts';
import type { Move } from './moves.ts';
import { type News, newsSinceNo } from './news.ts';
import { tellAlso } from './next-also.ts';
import { tellContainment } from './next-contained.ts';
import type { Outlook } from './outlook.ts';
import { revision } from './revision.ts';
import type { IncidentIn } from './state.ts';
import { ofIncident, tellOnce } from './tell.ts';

type Rejected = IncidentIn<'rejected'>;

/** A no is final for what was asked. Only news is asked about again, and an owner ends the containment. */
export function movesOfRejected(incident: Rejected, state: DaemonState, outlook: Outlook): Move[] {
  const { id, person, reason, request } = incident;
  const { decision } = outlook;
  if (healed(incident, decision)) {
    return [
      { kind: 'close', incident: id, outcome: 'rejected', reason: `rejected by ${person}: ${reason}; resolved since` },
    ];
  }
  const news = newsSinceNo(incident, decision);
  if (news && courseOf(decision) === 'page') return revision(incident, news, state, outlook);
  return [
    ...tellOnce(ofIncident(incident), {
      of: { what: 'rejected', revision: request.revision },
      subject: `${id}: rejected`,
      text: `${person} said no: ${reason}`,
      urgency: 'told',
    }),
    ...(news ? tellUnasked(incident, news) : []),
    ...tellAlso(incident, decision),
    ...tellContainment(incident, outlook),
  ];
}

/** News that cannot be asked about: whoever said no hears of it, and may order a rollback. */
function tellUnasked(incident: Rejected, { news, text }: News): Move[] {
  const { id, request, person } = incident;
  return tellOnce(ofIncident(incident), {
    of: { what: 'also', revision: request.revision, which: `${news}: ${text}` },
    subject: `${id}: worse since it was rejected`,
    text: `Since ${person} said no: ${text}. A rollback is not offered now. \`rollbackd rollback --reason ...\` rolls back on your word.`,
    urgency: 'alarmed',
  });
}
