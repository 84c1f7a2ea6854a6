import type { DaemonState } from './daemon-state.ts';
import type { Incident, IncidentStatus, IncidentStory } from './state.ts';

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

/** Moves an incident to another status; what belonged to the old status alone is gone. */
export function moved(state: DaemonState, incident: Incident, status: IncidentStatus): DaemonState {
  const after = replaced(state, { ...storyOf(incident), ...status });
  return status.status === 'closed' && state.openIncident === incident.id
    ? { ...after, openIncident: undefined }
    : after;
}

export const noted = (state: DaemonState, id: string | undefined, at: number, text: string): DaemonState =>
  storied(state, id, ({ timeline }) => ({ timeline: [...timeline, { at, text }].slice(-longestTimeline) }));

export const replaced = (state: DaemonState, incident: Incident): DaemonState => ({
  ...state,
  incidents: new Map(state.incidents).set(incident.id, incident),
});

function storyOf(incident: Incident): IncidentStory {
  const { id, openedAt, criterion, tier, tenants, frozen, worst, containment, rejectedFor, snoozed, told, timeline } =
    incident;
  const known = { id, openedAt, criterion, tier, tenants, frozen, worst };
  return { ...known, containment, rejectedFor, snoozed, told, timeline };
}
