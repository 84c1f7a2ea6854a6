import { formatDuration } from '../core/duration.ts';
import type { Decision } from '../model/decision.ts';
import type { EventOf, JournalEvent } from '../model/event.ts';
import { aboutDaemon } from '../model/message-identity.ts';
import { courseInWords } from './timeline.ts';

const day = 86_400_000;

interface Told {
  readonly openedAt: number;
  readonly decision: Decision;
  readonly endedAt?: number;
}

/** When the report was due last, by the machine's own clock on the wall. */
export function lastDue(daily: string, now: number): number {
  const [hours = 0, minutes = 0] = daily.split(':').map(Number);
  const due = new Date(now);
  due.setHours(hours, minutes, 0, 0);
  if (due.getTime() > now) due.setDate(due.getDate() - 1);
  return due.getTime();
}

/** The report that was due and has not been queued; nothing where there was nobody yet who could have seen anything. */
export function dueReport(
  events: Iterable<JournalEvent>,
  daily: string,
  now: number,
): EventOf<'message.queued'> | undefined {
  const due = lastDue(daily, now);
  const message = aboutDaemon('daily', new Date(due).toISOString().slice(0, 10));
  const past = [...events];
  const isQueued = past.some(({ body }) => body.kind === 'message.queued' && body.message === message);
  const began = past[0]?.at ?? now;
  return isQueued || began >= due ? undefined : { kind: 'message.queued', message, ...wouldHaveDone(past, due) };
}

/** What it would have done in the day before that moment: one line an incident. */
export function wouldHaveDone(
  events: readonly JournalEvent[],
  until: number,
): Pick<EventOf<'message.queued'>, 'subject' | 'text' | 'urgency'> {
  const from = until - day;
  const lines = [...incidentsIn(events, until)]
    .filter(([, { endedAt = until }]) => endedAt >= from)
    .map(([incident, told]) => lineOf(incident, told));
  const count = lines.length === 0 ? 'nothing' : lines.length === 1 ? '1 incident' : `${lines.length} incidents`;
  return {
    subject: `what rollbackd would have done in the last 24 hours: ${count}`,
    text: lines.length === 0 ? 'Nothing was told, and nothing would have been done.' : lines.join('\n'),
    urgency: 'told',
  };
}

function incidentsIn(events: readonly JournalEvent[], until: number): Map<string, Told> {
  const found = new Map<string, Told>();
  for (const { at, body } of events) {
    if (at > until || !('incident' in body) || body.incident === undefined) continue;
    const known = found.get(body.incident);
    if (body.kind === 'incident.decided')
      found.set(body.incident, { openedAt: known?.openedAt ?? at, decision: body.decision });
    else if (known && (body.kind === 'incident.withdrawn' || body.kind === 'incident.closed'))
      found.set(body.incident, { ...known, endedAt: at });
  }
  return found;
}

function lineOf(incident: string, { openedAt, endedAt, decision }: Told): string {
  const { criterion, tier } = decision;
  const lasted = endedAt === undefined ? 'still open' : `over after ${formatDuration(endedAt - openedAt)}`;
  const when = new Date(openedAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${when} UTC  ${criterion} (${tier}): ${wouldHave(decision)}; ${lasted} (${incident})`;
}

const observing = 'observe: ';

/** As the decision itself says it. */
function wouldHave(decision: Decision): string {
  const said = decision.reasonsAgainst.find((reason) => reason.startsWith(observing));
  return said?.slice(observing.length) ?? courseInWords(decision);
}
