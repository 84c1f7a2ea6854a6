import type { Version } from '../model/version.ts';
import type { DaemonState } from './daemon-state.ts';

/** What a person says to serve is believed until another rollback starts the application. */
export const servingSaid = (state: DaemonState, version: Version | undefined, at: number): DaemonState =>
  version === undefined ? state : { ...state, serving: { version, at } };
