import type { Caller, CommandContext, CommandSettings } from '../../src/commands/context.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import type { Gathered } from '../../src/engine/gather-facts.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import type { DaemonState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import { journalFacts } from '../../src/incident/read-state.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Obstacle } from '../../src/model/obstacle.ts';
import type { Role } from '../../src/model/person.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Tier } from '../../src/model/tier.ts';
import { type GuardFacts, known, unknown } from '../../src/rules/guards/facts.ts';
import { forgetfulJournal } from './forgetful-journal.ts';

export const start = Date.parse('2026-03-01T12:00:00Z');
export const hour = 3_600_000;

export const people = [
  { name: 'ana', roles: ['senior-engineer'] satisfies Role[] },
  { name: 'bo', roles: ['on-call-lead'] satisfies Role[] },
  { name: 'eva', roles: ['engineering-manager'] satisfies Role[] },
  { name: 'tom', roles: ['technical-lead'] satisfies Role[] },
  { name: 'pia', roles: ['product-owner'] satisfies Role[] },
  { name: 'dan', roles: ['database-administrator'] satisfies Role[] },
];

export function as(name: string): Caller {
  const known = people.find((person) => person.name === name);
  return { name, roles: known?.roles ?? [], via: 'cli' };
}

export const settings: CommandSettings = {
  target: { name: 'cafe' },
  migration: { cutoverAt: start - hour },
  probes: { unified: { routes: [] }, legacy: { routes: [] } },
  mode: 'approve',
  guard: {
    maxWritesLost: { inserts: 100, updates: 'unlimited', deletes: 'unlimited' },
    ignoredCollections: [],
    cooldown: 24 * hour,
    until: start + 24 * hour,
    drill: 'off',
    readiness: 'off',
  },
  people,
};

const step = {
  subject: 'cafe_a',
  commands: ['pm2 stop cafe'],
  evidence: 'no listener',
  effect: 'stops it',
  expectedMs: 1_500,
};

export const plan: Plan = {
  kind: 'rollback',
  target: 'cafe',
  legacyCommit: 'abc',
  manifestHash: 'manifest-0123456789',
  configHash: 'config-0123456789',
  steps: [
    { ...step, id: 'stop-application', action: 'stop-application', phase: 'stop', title: 'Stop the application' },
    { ...step, id: 'switch-code', action: 'switch-code', phase: 'code', title: 'Switch the code' },
  ],
  pointOfNoReturn: 'switch-code',
  hash: 'plan-1',
};

interface LegacyStateLike {
  readonly database: string;
  readonly state: 'equal' | 'absent' | 'different';
  readonly onDifferent: 'ask' | 'replace';
  readonly differences: readonly string[];
}

export interface Stage {
  readonly context: CommandContext;
  readonly memory: Memory;
  /** Kinds of what was journalled since the stage was set. */
  readonly journalled: () => string[];
  readonly last: () => EventBody | undefined;
  readonly pass: (ms: number) => void;
  /** Everything that was asked of the runs. */
  readonly asked: string[];
}

export interface Props {
  readonly settings?: Partial<CommandSettings>;
  readonly busy?: boolean;
  readonly legacyStates?: readonly LegacyStateLike[];
  readonly unplannable?: string;
  readonly unifiedNotKept?: string;
  readonly leaseHeldBy?: string;
  readonly obstacles?: readonly Obstacle[];
  readonly facts?: Partial<GuardFacts>;
  readonly observations?: readonly Observation[];
  /** What was decided in the newest round. */
  readonly decision?: Decision;
  readonly past?: readonly EventBody[];
}

/** The engine's side as plain objects; what is remembered and permitted is the real thing. */
export function stage(props: Props = {}): Stage {
  let now = start;
  const clock = { now: () => now };
  const memory = openMemory(forgetfulJournal(clock), 'approve');
  if (props.past) memory.append(...props.past);
  const events: EventBody[] = [];
  memory.subscribe(({ body }) => events.push(body));
  const asked: string[] = [];
  const context: CommandContext = {
    memory,
    clock,
    settings: { ...settings, ...props.settings },
    configHash: 'config-0123456789',
    version: '0.0.0',
    signal: new AbortController().signal,
    channelTroubles: () => [],
    slackConnected: () => undefined,
    latest: () => ({ verdicts: [], decision: props.decision, observations: props.observations ?? [] }),
    release: async (incident) => void asked.push(`release ${incident}`),
    preflight: async () => props.obstacles ?? [],
    obstacles: () => props.obstacles ?? [],
    gatherFacts: async () => gathered(props, memory.state(), now),
    planner: { draft: async () => draft(props) },
    runs: {
      busy: props.busy ?? false,
      idle: async () => {},
      contain: async (incident, { by }, { takeOver = false } = {}) => {
        asked.push(`contain ${incident} by ${by}${takeOver ? ', taking over' : ''}`);
        return 'run-0';
      },
      rollBack: async ({ authority, incident, takeOver }) => {
        if (props.leaseHeldBy) throw new RollbackdError('lease-held', `${props.leaseHeldBy} holds the lease`);
        asked.push(`roll back by ${authority.by} in ${incident ?? 'no incident'}${takeOver ? ', taking over' : ''}`);
        return 'run-1';
      },
      resume: async ({ run }, person) => void asked.push(`resume ${run} by ${person}`),
    },
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { context, memory, journalled: () => events.map(({ kind }) => kind), last: () => events.at(-1), pass, asked };
}

/** Nothing stands in the way but what the test says. */
function gathered(props: Props, state: DaemonState, now: number): Gathered {
  const { unplannable, unifiedNotKept, settings: changed } = props;
  const made = unplannable ? undefined : draft(props);
  const states = made?.assessment.legacyStates ?? [];
  const planned = {
    hash: plan.hash,
    legacyCommit: plan.legacyCommit,
    ...(unifiedNotKept !== undefined && { unifiedNotKept }),
  };
  const facts: GuardFacts = {
    ...journalFacts(state, now),
    now,
    cutoverAt: (changed?.migration ?? settings.migration).cutoverAt,
    configHash: 'config-0123456789',
    writesLost: known({ inserts: 1, updates: undefined, deletes: undefined, perTenant: {} }),
    mongo: known({ unified: 'reachable', legacy: 'reachable', legacyWritable: true }),
    backup: made ? known(made.assessment.manifest) : unknown(unplannable ?? ''),
    legacyDatabases: known(states.map((each) => ({ ...each, name: each.database, state: known(each.state) }))),
    plan: made ? known(planned) : unknown(unplannable ?? ''),
    lease: known({ heldBy: 'us', mine: true }),
    ...props.facts,
  };
  return { facts, draft: made };
}

function draft({ unplannable, unifiedNotKept, legacyStates = [] }: Props) {
  if (unplannable) throw new RollbackdError('ref-missing', unplannable);
  const states = legacyStates.map((state) => ({
    policy: 'restore' as const,
    extraCollections: [],
    expired: [],
    missingIndexes: [],
    documents: 3,
    bytes: 99,
    ...state,
  }));
  const manifest = { path: '/b', root: '/b', gzip: false, takenAt: 0, databases: [], hash: plan.manifestHash };
  const notKept = unifiedNotKept === undefined ? {} : { unifiedNotKept };
  return { plan, assessment: { manifest, legacyCommit: 'abc', unifiedBytes: 9, legacyStates: states, ...notKept } };
}

export const decision = (action: Decision['action'], tier: Tier, revision: number): Decision => ({
  at: start + revision,
  action,
  ...(action === 'contain' && { next: 'page' as const }),
  tier,
  criterion: 'cross-tenant-leak',
  tenants: ['a', 'b'].slice(0, revision),
  verdicts: [],
  guards: [],
  reasonsFor: [`revision ${revision}`],
  reasonsAgainst: [],
});

const decided = (action: Decision['action'], tier: Tier, revision: number): EventBody => {
  const made = decision(action, tier, revision);
  return { kind: 'incident.decided', incident: 'inc-1', revision, evidenceHash: evidenceHash(made), decision: made };
};

export const opened = (action: Decision['action'] = 'page', tier: Tier = 'critical'): EventBody[] => [
  { kind: 'incident.opened', incident: 'inc-1', criterion: 'cross-tenant-leak', tier, tenants: ['a'] },
  decided(action, tier, 1),
];

export const subject = (revision = 1, action: Decision['action'] = 'page', tier: Tier = 'critical') => ({
  incident: 'inc-1',
  revision,
  planHash: 'plan-1',
  evidenceHash: evidenceHash(decision(action, tier, revision)),
});

const requested = (revision: number, action: Decision['action'], tier: Tier): EventBody => ({
  kind: 'approval.requested',
  ...subject(revision, action, tier),
  quorum: quorumFor(tier),
});

/** People are asked about `inc-1`. */
export const asking = (tier: Tier = 'critical', action: Decision['action'] = 'page'): EventBody[] => [
  ...opened(action, tier),
  requested(1, action, tier),
];

/** What people were asked about got worse, and they were asked again. */
export const askedAgain = (): EventBody[] => [
  ...asking(),
  decided('page', 'critical', 2),
  requested(2, 'page', 'critical'),
];

const ran = (run: string, of: Plan, ...steps: string[]): EventBody[] =>
  steps.flatMap((each): EventBody[] => [
    { kind: 'step.started', run, step: each, attempt: 1 },
    { kind: 'step.succeeded', run, step: each, attempt: 1, tookMs: 1_200, evidence: { of: of.kind } },
  ]);

const containment: Plan = { ...plan, kind: 'containment', steps: plan.steps.slice(0, 1), hash: 'plan-0' };

/** The application is stopped for `inc-1`, and proven so. */
export const contained = (): EventBody[] => [
  { kind: 'mode.changed', mode: 'approve', person: 'ana', reason: 'test' },
  ...opened('contain'),
  { kind: 'run.started', run: 'run-0', plan: containment, authority: { by: 'daemon' }, incident: 'inc-1' },
  ...ran('run-0', containment, 'stop-application'),
  { kind: 'run.finished', run: 'run-0', outcome: 'succeeded', reason: 'done' },
];

export const askedWhileContained = (): EventBody[] => [...contained(), requested(1, 'contain', 'critical')];

const byBo = { by: 'person', person: 'bo', role: 'on-call-lead', reason: 'now' } as const;

export const rollingBack = (incident?: string): EventBody[] => [
  { kind: 'run.started', run: 'run-9', plan, authority: byBo, ...(incident && { incident }) },
];

export const rollbackFailed = (incident?: string): EventBody[] => [
  ...rollingBack(incident),
  ...ran('run-9', plan, 'stop-application'),
  { kind: 'step.started', run: 'run-9', step: 'switch-code', attempt: 1 },
  { kind: 'step.failed', run: 'run-9', step: 'switch-code', attempt: 1, tookMs: 7, reason: 'code', message: 'locked' },
  { kind: 'run.finished', run: 'run-9', outcome: 'failed', reason: 'switch-code: locked' },
];

export const rolledBack = (incident?: string): EventBody[] => [
  ...rollingBack(incident),
  ...ran('run-9', plan, 'stop-application', 'switch-code'),
  { kind: 'run.finished', run: 'run-9', outcome: 'succeeded', reason: 'done' },
];

/** A rollback that let users in and failed at what came after. */
export const letIn = (): EventBody[] => {
  const last = {
    ...step,
    id: 'enable-traffic',
    action: 'enable-traffic',
    phase: 'verify',
    title: 'lets users in',
  } as const;
  const smoke = { ...step, id: 'smoke-test', action: 'smoke-test', phase: 'verify', title: 'asks as all' } as const;
  const whole: Plan = { ...plan, steps: [...plan.steps, last, smoke] };
  return [
    { kind: 'run.started', run: 'run-9', plan: whole, authority: byBo },
    ...ran('run-9', whole, 'stop-application', 'switch-code', 'enable-traffic'),
    { kind: 'step.started', run: 'run-9', step: 'smoke-test', attempt: 1 },
    {
      kind: 'step.failed',
      run: 'run-9',
      step: 'smoke-test',
      attempt: 1,
      tookMs: 7,
      reason: 'x',
      message: 'status 503',
    },
    { kind: 'run.finished', run: 'run-9', outcome: 'failed', reason: 'smoke-test: status 503' },
  ];
};
