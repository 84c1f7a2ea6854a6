import { leaksIn } from './news.ts';
import type { Incident } from './state.ts';

/** The application is stopped because of it, or was to be. */
export const isContained = ({ containment: { state } }: Pick<Incident, 'containment'>): boolean =>
  state !== 'none' && state !== 'released';

/** The application hands out documents of others, and nothing has stopped it: whatever is to be done about it, that comes first. */
export const leaksOn = (incident: Incident): boolean =>
  !isContained(incident) && incident.frozen !== undefined && leaksIn(incident.frozen.decision).length > 0;
