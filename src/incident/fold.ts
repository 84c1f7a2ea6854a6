import { never } from '../core/errors.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { DaemonState } from './daemon-state.ts';
import { type EventAbout, isAbout } from './event-rooms.ts';
import { foldChild } from './fold-child.ts';
import { foldIncident } from './fold-incident.ts';
import { foldMessage, withChannels } from './fold-message.ts';
import { foldPower } from './fold-power.ts';
import { foldRun } from './fold-run.ts';
import { interrupted } from './fold-step.ts';
import { foldWatch } from './fold-watch.ts';

/** What the daemon knows after one more event. Never throws: what does not fit changes nothing but the number. */
export function fold(state: DaemonState, event: JournalEvent): DaemonState {
  return { ...folded(state, event.body, event.at), lastSeq: event.seq };
}

/** What the daemon knows after all of its journal. */
export function foldAll(start: DaemonState, events: Iterable<JournalEvent>): DaemonState {
  let state = start;
  for (const event of events) state = fold(state, event);
  return state;
}

function folded(state: DaemonState, body: EventBody, at: number): DaemonState {
  if (isAbout('daemon', body)) return foldDaemon(state, body, at);
  if (isAbout('power', body)) return foldPower(state, body, at);
  if (isAbout('incident', body)) return foldIncident(state, body, at);
  if (isAbout('run', body)) return foldRun(state, body, at);
  if (isAbout('child', body)) return foldChild(state, body, at);
  if (isAbout('watch', body)) return foldWatch(state, body, at);
  if (isAbout('message', body)) return foldMessage(state, body, at);
  return never(body);
}

function foldDaemon(state: DaemonState, body: EventAbout<'daemon'>, at: number): DaemonState {
  const told = 'channels' in body && body.channels ? withChannels(state, body.channels) : state;
  return body.kind === 'daemon.started' ? cutOffRuns(told, at) : told;
}

/** A daemon that starts was ended before. */
const cutOffRuns = (state: DaemonState, at: number): DaemonState => ({ ...state, runs: interrupted(state.runs, at) });
