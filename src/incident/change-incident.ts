import type { DaemonState } from './daemon-state.ts';
import type { Containment, Incident, IncidentStatus, IncidentStory } from './state.ts';

const longestTimeline = 500;

/** Changes what every incident carries, whatever its status. */
export function storied(
  state: DaemonState,
  id: string | undefined,
  change: (incident: Incident) => Partial<IncidentStory>,
): DaemonState {
  const incident = id === undefined ? undefined : state.incidents.get(id);
  return incident ? replaced(state, { ...incident, ...change(incident) }) : state;
}

/** Moves an incident to another status; what belonged to the old status alone is gone. Quiet is asked for a question, and ends with it. */
export function moved(state: DaemonState, incident: Incident, status: IncidentStatus): DaemonState {
  const { snoozed, ...story } = storyOf(incident);
  const quiet = status.status === 'awaiting-approval' ? { snoozed } : {};
  const after = replaced(state, { ...story, ...quiet, ...status });
  return status.status === 'closed' && state.openIncident === incident.id
    ? { ...after, openIncident: undefined }
    : after;
}

/** Whoever asked for quiet knew nothing of this yet. */
export const containedAs = (state: DaemonState, id: string | undefined, containment: Containment): DaemonState =>
  storied(state, id, () => ({ containment, snoozed: undefined }));

export const noted = (state: DaemonState, id: string | undefined, at: number, text: string): DaemonState =>
  storied(state, id, ({ timeline }) => ({ timeline: [...timeline, { at, text }].slice(-longestTimeline) }));

export const replaced = (state: DaemonState, incident: Incident): DaemonState => ({
  ...state,
  incidents: new Map(state.incidents).set(incident.id, incident),
});

function storyOf(incident: Incident): IncidentStory {
  const { id, openedAt, criterion, tier, tenants, frozen, asked, known, ...rest } = incident;
  const { returns, troubleSince, clearSince, containment, rejectedFor, snoozed, told, timeline } = rest;
  const decided = { id, openedAt, criterion, tier, tenants, frozen, asked, known };
  return { ...decided, returns, troubleSince, clearSince, containment, rejectedFor, snoozed, told, timeline };
}
