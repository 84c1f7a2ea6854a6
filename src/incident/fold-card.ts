import type { DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';

export function foldCard(
  state: DaemonState,
  { incident, channel, configured, ts, face, final }: EventAbout<'card'>,
): DaemonState {
  return { ...state, cards: new Map(state.cards).set(incident, { channel, configured, ts, face, final }) };
}
