import fc from 'fast-check';
import { type DaemonState, emptyState, type RunState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { fold } from '../../src/incident/fold.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import { openIncidentOf, runUnderWay } from '../../src/incident/read-state.ts';
import type { Incident } from '../../src/incident/state.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Authority, EventBody, EventOf, JournalEvent } from '../../src/model/event.ts';
import { type MessageIdentity, messageId } from '../../src/model/message-identity.ts';
import type { Plan } from '../../src/model/plan.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';

/** What a message tells, without whom it is about. */
export const topicText = (identity: MessageIdentity): string => messageId(identity).split('/').at(-1) ?? '';

export const begin = Date.parse('2026-01-10T03:00:00Z');

export const journalled = (state: DaemonState, body: EventBody, at: number): JournalEvent => ({
  seq: state.lastSeq + 1,
  at,
  body,
  hash: '',
});

/** Writes events that must be permitted. */
export function must(state: DaemonState, ...bodies: readonly EventBody[]): DaemonState {
  return bodies.reduce((known, body) => {
    const refusal = permits(known, body);
    if (refusal) throw new Error(`${body.kind}: ${refusal}`);
    return fold(known, journalled(known, body, begin));
  }, state);
}

/** Writes events at that moment, as a journal may hold them: whether or not they were permitted. */
export const writtenAt = (state: DaemonState, at: number, ...bodies: readonly EventBody[]): DaemonState =>
  bodies.reduce((known, body) => fold(known, journalled(known, body, at)), state);

/** The incident of that name, which must be there. */
export function incidentOf({ incidents }: DaemonState, id = 'incident-1'): Incident {
  const incident = incidents.get(id);
  if (!incident) throw new Error(`there is no ${id}`);
  return incident;
}

/** The run of that name, which must be there. */
export function runOf({ runs }: DaemonState, id = 'run-1'): RunState {
  const run = runs.get(id);
  if (!run) throw new Error(`there is no ${id}`);
  return run;
}

export const decisionTo = (action: Decision['action'], over: Partial<Decision> = {}): Decision => ({
  at: begin,
  action,
  tier: 'critical',
  criterion: 'unavailable',
  tenants: [],
  verdicts: verdictsIn('clear', 'breach'),
  guards: [],
  reasonsFor: ['unavailable is breach'],
  reasonsAgainst: [],
  ...over,
});

export const planOf = (kind: Plan['kind'], hash = 'plan-1'): Plan => ({
  kind,
  target: 'cafe',
  legacyCommit: 'c',
  manifestHash: 'm',
  configHash: 'c',
  hash,
  steps: ['first', 'enable-traffic'].map((id) => ({
    id,
    action: 'check-disk',
    phase: id === 'first' ? 'prepare' : 'verify',
    title: id,
    commands: [],
    evidence: 'e',
    effect: 'nothing',
    expectedMs: 1,
  })),
});

export const byPerson: Authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' };

/** The beginning of run-1 by a person, where nothing else is said. */
export const begun = (kind: Plan['kind'], over: Partial<EventOf<'run.started'>> = {}): EventBody => ({
  kind: 'run.started',
  run: 'run-1',
  plan: planOf(kind),
  authority: byPerson,
  ...over,
});

/** One attempt at a step of a run, from its beginning to its end. */
export function tried(
  step: string,
  outcome: 'succeeded' | 'failed',
  { run = 'run-1', attempt = 1 }: { run?: string; attempt?: number } = {},
): EventBody[] {
  const of = { run, step, attempt };
  return [
    { kind: 'step.started', ...of },
    outcome === 'succeeded'
      ? { kind: 'step.succeeded', ...of, tookMs: 1, evidence: {} }
      : { kind: 'step.failed', ...of, tookMs: 1, reason: 'broken', message: 'it broke' },
  ];
}

export const finished = (outcome: 'succeeded' | 'failed', run = 'run-1'): EventBody => ({
  kind: 'run.finished',
  run,
  outcome,
  reason: 'r',
});

export const opened = (id: string, decision: Decision): EventBody[] => [
  { kind: 'incident.opened', incident: id, criterion: 'unavailable', tier: 'critical', tenants: decision.tenants },
  { kind: 'incident.decided', incident: id, revision: 1, evidenceHash: evidenceHash(decision), decision },
];

export const armed: EventBody = {
  kind: 'mode.armed',
  reason: 'the migration went well',
  person: 'Sari',
  role: 'on-call-lead',
  until: begin + 15_000_000,
  manifestHash: 'm',
  configHash: 'c',
  guardsOff: [],
};

const people = ['Sari', 'Budi', 'Putu'] as const;
const roles = ['on-call-lead', 'senior-engineer', 'engineering-manager', 'product-owner'] as const;

/** One turn of fate: which kind of thing happens, and two numbers for its details. */
export type Turn = readonly [kind: number, a: number, b: number];
export const turns = fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000)), {
  minLength: 5,
  maxLength: 120,
  size: 'max',
});

const pick = <const T>(from: readonly [T, ...(readonly T[])], index: number): T => from[index % from.length] ?? from[0];

/** Events that could come now, sensible and senseless ones; `permits` is to tell them apart. */
function possible(state: DaemonState, [, a, b]: Turn, serial: number): EventBody[] {
  const incident = openIncidentOf(state)?.id ?? 'incident-0';
  const run = runUnderWay(state)?.run ?? [...state.runs.keys()].at(-1) ?? 'run-0';
  return [
    ...powerEvents(a),
    ...incidentEvents(state, incident, a, b, serial),
    ...runEvents(state, run, incident, a, b, serial),
  ];
}

function powerEvents(a: number): EventBody[] {
  const person = pick(people, a);
  return [
    armed,
    { kind: 'mode.changed', mode: pick(['observe', 'approve', 'armed'], a), person, reason: 'r' },
    { kind: 'acting.paused', person, reason: 'r', until: begin + a },
    { kind: 'acting.unpaused', person },
    { kind: 'daemon.started', version: '0', configHash: 'c', pid: 1 },
  ];
}

function incidentEvents(state: DaemonState, incident: string, a: number, b: number, serial: number): EventBody[] {
  const known = openIncidentOf(state);
  const frozen = known?.frozen;
  const request = known?.status === 'awaiting-approval' ? known.request : undefined;
  const decision = decisionTo(pick(['hold', 'page', 'contain', 'rollback'], a), {
    ...(a % 4 === 2 ? { next: pick(['page', 'rollback'], b) } : {}),
  });
  const person = pick(people, a);
  const subject = {
    incident,
    revision: request?.revision ?? b,
    planHash: request?.planHash ?? 'plan-1',
    evidenceHash: b % 9 === 0 ? 'stale' : (request?.evidenceHash ?? 'none'),
  };
  const answer = pick(['approved', 'approved', 'rejected'], b);
  const asked = {
    incident,
    revision: frozen?.revision ?? 1,
    planHash: 'plan-1',
    evidenceHash: frozen?.evidenceHash ?? '',
  };
  const tier = pick(['critical', 'severe', 'moderate'], b);
  return [
    ...opened(b % 5 === 0 ? 'incident-1' : `incident-${serial}`, decision).slice(0, 1),
    {
      kind: 'incident.decided',
      incident,
      revision: (frozen?.revision ?? 0) + 1,
      evidenceHash: evidenceHash(decision),
      decision,
    },
    { kind: 'approval.requested', ...asked, quorum: quorumFor(tier) },
    { kind: 'approval.answered', ...subject, answer, person, role: pick(roles, b), via: 'cli' },
    { kind: 'approval.answered', ...subject, answer: 'approved', person, role: pick(roles, a + b), via: 'cli' },
    { kind: 'approval.refused', incident, person, via: 'slack', answer, revision: b, reason: 'r' },
    { kind: 'containment.released', incident, person, reason: 'r' },
    { kind: 'incident.snoozed', incident, person, until: begin + a },
    { kind: 'card.shown', incident, channel: 'C1', ts: `${b}.1`, face: `face-${a % 3}`, final: a % 2 === 0 },
    { kind: 'incident.cleared', incident },
    { kind: 'incident.returned', incident },
    { kind: 'incident.withdrawn', incident, reason: 'r' },
    {
      kind: 'incident.closed',
      incident,
      outcome: pick(['rolled-back', 'rejected', 'resolved-by-person'], a),
      reason: 'r',
    },
    {
      kind: 'message.queued',
      message: `incident/${incident}/also?which=${a % 7}`,
      subject: 's',
      text: 't',
      urgency: 'told',
    },
  ];
}

function runEvents(
  state: DaemonState,
  run: string,
  incident: string,
  a: number,
  b: number,
  serial: number,
): EventBody[] {
  const known = openIncidentOf(state);
  const by: readonly [Authority, ...Authority[]] = [
    { by: 'daemon' },
    { by: 'approval', people: known?.status === 'approved' ? [...known.people] : ['Sari'] },
    { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' },
  ];
  const plan = planOf(pick(['containment', 'rollback', 'rollback'], a));
  const subject = b % 6 === 0 ? {} : { incident };
  const step = pick(['first', 'enable-traffic'], a);
  const attempts = state.runs.get(run)?.steps.get(step)?.length ?? 0;
  const late = { run, step, attempt: attempts, tookMs: 1 };
  const start: EventBody = { kind: 'run.started', run: `run-${serial}`, ...subject, plan, authority: pick(by, b) };
  return [
    start,
    start,
    { kind: 'run.resumed', run, ...(a % 2 ? { person: 'Sari' } : {}) },
    { kind: 'run.finished', run, outcome: pick(['succeeded', 'failed'], a), reason: 'r' },
    { kind: 'run.acknowledged', run, person: 'Sari' },
    { kind: 'step.started', run, step, attempt: attempts + 1 },
    { kind: 'step.succeeded', ...late, evidence: {} },
    { kind: 'step.succeeded', ...late, evidence: {} },
    { kind: 'step.failed', ...late, reason: 'r', message: 'm' },
    { kind: 'watch.started', run, until: begin + 1_000_000 },
    { kind: 'watch.found', run, finding: `finding ${a % 3}` },
    { kind: 'watch.closed', run, summary: {} },
    { kind: 'child.planned', tag: `tag-${a % 4}`, run, step, program: 'p', arguments: [] },
    { kind: 'child.started', tag: `tag-${a % 4}`, pid: 1, startTime: '1' },
    { kind: 'child.ended', tag: `tag-${a % 4}`, outcome: 'exited' },
  ];
}

export interface History {
  readonly events: readonly JournalEvent[];
  readonly states: readonly DaemonState[];
}

/** A life that a daemon may have led: of what could happen, only what was permitted did. */
export function lived(life: readonly Turn[], from: DaemonState = emptyState('approve')): History {
  const events: JournalEvent[] = [];
  const states: DaemonState[] = [from];
  let state = from;
  for (const [index, turn] of life.entries()) {
    const permitted = possible(state, turn, index).filter((candidate) => permits(state, candidate) === undefined);
    const body = permitted[turn[0] % permitted.length];
    if (!body) continue;
    const event = journalled(state, body, begin + index * 1_000);
    state = fold(state, event);
    events.push(event);
    states.push(state);
  }
  return { events, states };
}
