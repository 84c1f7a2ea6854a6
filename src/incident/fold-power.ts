import { never } from '../core/errors.ts';
import type { Mode } from '../model/mode.ts';
import type { DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';

export function foldPower(state: DaemonState, body: EventAbout<'power'>, at: number): DaemonState {
  switch (body.kind) {
    case 'mode.changed':
      return { ...state, mode: body.mode, baseMode: unarmed(body.mode, state), armed: undefined };
    case 'mode.armed': {
      const { kind: _, ...armed } = body;
      return { ...state, mode: 'armed', armed: { ...armed, at } };
    }
    case 'acting.paused': {
      const { kind: _, ...paused } = body;
      return { ...state, paused: { ...paused, at } };
    }
    case 'acting.unpaused':
      return { ...state, paused: undefined, unpausedAt: at };
    default:
      return never(body);
  }
}

/** No change of mode arms: `permits` refuses it. */
const unarmed = (mode: Mode, { baseMode }: DaemonState): DaemonState['baseMode'] =>
  mode === 'armed' ? baseMode : mode;
