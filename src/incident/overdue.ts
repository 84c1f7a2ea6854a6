import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import type { Incident } from './state.ts';
import { ofIncident, tellOnce } from './tell.ts';

interface Due {
  readonly revision: number;
  readonly deadline?: number | undefined;
}

/**
 * The first rung is named to everybody: whoever reads it knows who has it now. Without a plan nobody can answer, and the
 * time runs out all the same.
 */
export function overdue(incident: Incident, { revision, deadline }: Due, { now, escalation = [] }: Outlook): Move[] {
  if (deadline === undefined || now < deadline) return [];
  const passed = `The deadline of ${new Date(deadline).toISOString()} has passed without an answer.`;
  const why = incident.status === 'open' ? `${passed} Nobody could be asked: no plan can be made.` : passed;
  const text = escalation.length === 0 ? why : `${why} It is now for ${escalation.join(', ')} to get one.`;
  const telling = {
    of: { what: 'overdue', revision },
    subject: `${incident.id}: overdue`,
    text,
    urgency: 'alarmed',
  } as const;
  return tellOnce(ofIncident(incident), telling);
}
