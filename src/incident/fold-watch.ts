import { never } from '../core/errors.ts';
import { moved, noted } from './change-incident.ts';
import type { DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import type { Incident } from './state.ts';

export function foldWatch(state: DaemonState, body: EventAbout<'watch'>, at: number): DaemonState {
  const incident = incidentOf(state, body.run);
  switch (body.kind) {
    case 'watch.started': {
      const { run, until } = body;
      const known = state.runs.get(run);
      const runs = known ? new Map(state.runs).set(run, { ...known, watched: true }) : state.runs;
      const begun = { ...state, runs, watch: { run, startedAt: at, until, findings: [] } };
      return incident?.status === 'rolled-back'
        ? moved(begun, incident, { status: 'watching', run, at, until, ended: false })
        : begun;
    }
    case 'watch.found': {
      const { watch } = state;
      if (watch?.run !== body.run) return state;
      const found = { ...state, watch: { ...watch, findings: [...watch.findings, body.finding] } };
      return noted(found, incident?.id, at, `watch: ${body.finding}`);
    }
    case 'watch.closed': {
      if (state.watch?.run !== body.run) return state;
      const ended = { ...state, watch: undefined };
      return incident?.status === 'watching' ? moved(ended, incident, { ...statusOf(incident), ended: true }) : ended;
    }
    default:
      return never(body);
  }
}

function statusOf({ status, run, at, until, ended }: Extract<Incident, { status: 'watching' }>) {
  return { status, run, at, until, ended };
}

function incidentOf({ runs, incidents }: DaemonState, run: string): Incident | undefined {
  const id = runs.get(run)?.incident;
  return id === undefined ? undefined : incidents.get(id);
}
