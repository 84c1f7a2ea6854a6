import { leaksIn } from './news.ts';
import type { Incident } from './state.ts';

/** The application hands out documents of others, and nothing has stopped it: whatever is to be done about it, that comes first. */
export const leaksOn = ({ frozen, containment }: Incident): boolean =>
  (containment.state === 'none' || containment.state === 'released') &&
  frozen !== undefined &&
  leaksIn(frozen.decision).length > 0;
