import { never } from '../core/errors.ts';
import type { EventOf } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';
import type { DaemonState } from './daemon-state.ts';

type PowerEvent = EventOf<'mode.changed' | 'mode.armed' | 'acting.paused' | 'acting.unpaused'>;

export function foldPower(state: DaemonState, body: PowerEvent, at: number): DaemonState {
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
