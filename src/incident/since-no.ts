import type { Decision } from '../model/decision.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Move } from './moves.ts';
import { reasonToAskAgain } from './revise.ts';
import type { IncidentIn } from './state.ts';
import { tellAbout } from './tell.ts';
import { toldIn } from './worst.ts';

type Rejected = IncidentIn<'rejected'>;

/**
 * What has come since a no and brings back no question. Whoever said no must know of it all the same, and may order a
 * rollback; each matter is told once.
 */
export function tellSinceNo(incident: Rejected, decision: Decision): Move[] {
  const news = toldIn(decision).flatMap((verdict) => matters(incident, verdict));
  const worse = reasonToAskAgain(incident, decision);
  const told = news.length > 0 || worse === undefined ? news : [{ topic: `worse-${decision.criterion}`, text: worse }];
  return told.flatMap(({ topic, text }) => tellMatter(incident, topic, text));
}

interface Matter {
  readonly topic: string;
  readonly text: string;
}

/** A criterion of which nothing had been told in this incident, and each further customer of a leak. */
function matters({ worst }: Rejected, { criterion, verdict, reason, tenants }: Verdict): Matter[] {
  const known = worst.find((each) => each.criterion === criterion);
  if (!known) return [{ topic: `also-${criterion}`, text: `${criterion} is ${verdict}: ${reason}` }];
  if (criterion !== 'cross-tenant-leak') return [];
  return tenants
    .filter((tenant) => !known.tenants.includes(tenant))
    .map((tenant) => ({ topic: `leak-${tenant}`, text: `The leak affects one more tenant: ${tenant}` }));
}

function tellMatter(incident: Rejected, topic: string, text: string): Move[] {
  const { id, request, person } = incident;
  return tellAbout(incident, {
    topic: `r${request.revision}.since-no-${topic}`,
    subject: `${id}: worse since it was rejected`,
    text: `${text}.\n${person} said no, and nobody is asked about this. \`rollbackd rollback --reason\` rolls back on your word.`,
    urgency: 'alarmed',
  });
}
