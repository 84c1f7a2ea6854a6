import type { Decision } from '../model/decision.ts';
import type { EventBody, EventOf, JournalEvent } from '../model/event.ts';
import type { Tier } from '../model/tier.ts';
import type { CriterionName } from '../model/verdict.ts';
import { subjectOf } from './pure-half.ts';

export const actNames = [
  'told',
  'on hold',
  'asked',
  'contain',
  'roll back',
  'withdrawn',
  'closed',
  'begin anew',
] as const;
export type ActName = (typeof actNames)[number];

/** Something that people, or the application, would have noticed; `begin anew` is the replay's own. */
export interface Act {
  readonly at: number;
  readonly act: ActName;
  readonly incident?: string;
  readonly criterion?: CriterionName;
  readonly tier?: Tier;
  readonly reason: string;
}

/** The acts in a journal, whether a daemon wrote it or a replay. */
export function actsIn(events: Iterable<JournalEvent>): Act[] {
  const decisions = new Map<string, Decision>();
  const acts: Act[] = [];
  for (const { at, body } of events) {
    if (body.kind === 'incident.decided') decisions.set(body.incident, body.decision);
    const act = actOf(body, (incident) => decisions.get(incident));
    if (act) acts.push({ at, ...act });
  }
  return acts.filter((act) => !isEcho(act, acts));
}

/** The message that tells people of another act of the same moment. */
const isEcho = (act: Act, acts: readonly Act[]): boolean =>
  isMessage(act) && acts.some((other) => !isMessage(other) && other.at === act.at && other.incident === act.incident);

const isMessage = ({ act, criterion }: Act): boolean => act === 'told' && criterion === undefined;

type Decided = (incident: string) => Decision | undefined;

function actOf(body: EventBody, decided: Decided): Omit<Act, 'at'> | undefined {
  switch (body.kind) {
    case 'incident.decided':
      return body.decision.action === 'hold' ? told(body.incident, body.decision) : undefined;
    case 'message.queued':
      return messageOf(body);
    case 'approval.requested':
      return about('asked', body.incident, decided);
    case 'run.started':
      return body.incident === undefined
        ? undefined
        : about(body.plan.kind === 'containment' ? 'contain' : 'roll back', body.incident, decided);
    case 'incident.withdrawn':
      return { ...about('withdrawn', body.incident, decided), reason: body.reason };
    case 'incident.closed':
      return { ...about('closed', body.incident, decided), reason: body.reason };
    default:
      return undefined;
  }
}

function messageOf({ message, subject }: EventOf<'message.queued'>): Omit<Act, 'at'> {
  return { act: 'told', incident: subjectOf(message), reason: subject };
}

/** What is no breach is told; a breach about which nothing is done is on hold. */
function told(incident: string, decision: Decision): Omit<Act, 'at'> {
  const isBreach = decision.verdicts.some(
    ({ criterion, verdict }) => criterion === decision.criterion && verdict === 'breach',
  );
  const why = isBreach ? decision.reasonsAgainst[0] : undefined;
  const reason = [decision.reasonsFor[0], why].filter((part) => part !== undefined).join('; ');
  return { act: isBreach ? 'on hold' : 'told', incident, ...rowOf(decision), reason };
}

function about(act: ActName, incident: string, decided: Decided): Omit<Act, 'at'> {
  const decision = decided(incident);
  return { act, incident, ...(decision && rowOf(decision)), reason: decision?.reasonsFor[0] ?? '' };
}

const rowOf = ({ criterion, tier }: Decision) => ({ ...(criterion && { criterion }), ...(tier && { tier }) });
