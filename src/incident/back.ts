import type { DaemonState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Incident } from './state.ts';
import { backText, sentence, timeText } from './summary.ts';
import { ofIncident, tellOnce } from './tell.ts';

/** Trouble that was clear has come back: told the 1st, 2nd, 4th, 8th time, and so on. The card counts each. */
export function tellBack(before: Incident, state: DaemonState): Move[] {
  const incident = { ...before, returns: before.returns + 1 };
  if (!Number.isInteger(Math.log2(incident.returns))) return [];
  return tellOnce(ofIncident(incident), {
    of: { what: 'back', which: String(incident.returns) },
    subject: `${incident.id}: back again`,
    text: standsText(incident, state),
    urgency: 'told',
  });
}

/** When people were asked last, and that they need not be asked again. */
export function standsText(incident: Incident, { troubles }: DaemonState): string {
  const asked = troubles.get(incident.frozen?.decision.criterion ?? incident.criterion)?.asked?.at;
  const stands = incident.status === 'awaiting-approval';
  return sentence(
    [
      backText(incident),
      stands && asked !== undefined ? `you were asked at ${timeText(asked)}` : undefined,
      stands ? 'the question stands' : undefined,
    ]
      .filter((part) => part !== undefined)
      .join('; '),
  );
}
