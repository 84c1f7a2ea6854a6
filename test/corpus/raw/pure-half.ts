import { type EngineSettings, judge } from '../../../src/engine/judge.ts';
import { expectedVersion } from '../../../src/engine/version.ts';
import { type DaemonState, emptyState } from '../../../src/incident/daemon-state.ts';
import { fold } from '../../../src/incident/fold.ts';
import { eventsOf, type Move } from '../../../src/incident/moves.ts';
import { nextMoves } from '../../../src/incident/next.ts';
import { journalFacts, lastRollbackOf, openIncidentOf, runUnderWay } from '../../../src/incident/read-state.ts';
import { permits } from '../../../src/incident/transitions.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { EventBody } from '../../../src/model/event.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { Tier } from '../../../src/model/tier.ts';
import type { ProbesConfig, TargetConfig } from '../../../src/probes/schema.ts';
import { type GuardFacts, known } from '../../../src/rules/guards/facts.ts';
import { moved } from '../../../src/rules/samples/clock.ts';
import { sampleLimits } from '../../../src/rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../../../src/rules/samples/samples.ts';
import { guardSchema, rulesSchema } from '../../../src/rules/schema.ts';
import { mongoHealth } from '../../../src/rules/sources/databases.ts';
import type { Deed, PersonDoes } from './story.ts';

export interface Setting {
  readonly mode: 'armed' | 'approve' | 'observe';
  readonly containment: 'automatic' | 'ask';
  readonly probes: ProbesConfig;
  readonly target: TargetConfig;
  readonly cutoverAt: number;
  /** Usual p95 of each route, ms. */
  readonly baseline: readonly (readonly [route: string, p95: number])[];
}

/** Wall clock, and a clock that never jumps: both in ms. */
export interface Now {
  readonly wall: number;
  readonly monotonic: number;
}

export interface Done {
  readonly deed: Deed;
  readonly tier: Tier | undefined;
  readonly words: string;
}

const rules = rulesSchema.parse({});
export const slotMs = rules.requests.slot;

const guard = guardSchema.parse({
  maxWritesLost: { inserts: 500, updates: 500, deletes: 100 },
  until: '2026-03-01T00:00:00Z',
  drill: 'off',
  readiness: 'off',
});
const takes = { containment: 20_000, rollback: 300_000, watch: 3_600_000 } as const;

/** The daemon without its hands and eyes: the only place of these stories that knows how the rules are called. */
export class PureHalf {
  readonly done: Done[] = [];
  readonly refused: string[] = [];
  readonly #settings: EngineSettings;
  #samples: Samples;
  /** Between the wall clock and one that nobody can set. */
  #offset: number;
  #state: DaemonState;
  #serial = 0;

  constructor({ mode, containment, probes, target, cutoverAt, baseline }: Setting, now: Now) {
    const latencyBaseline = new Map(baseline.map(([route, p95]) => [route, { p95, source: 'captured' as const }]));
    this.#settings = { rules, guard, containment, probes, target, migration: { cutoverAt }, latencyBaseline };
    this.#samples = this.#nothingSeen();
    this.#state = emptyState(mode === 'approve' ? 'approve' : 'observe');
    this.#offset = now.wall - now.monotonic;
    if (mode === 'armed') this.#append(now, armed(cutoverAt));
  }

  /** As the engine does: where the wall clock was set, what is remembered moves along. */
  remember(observations: readonly Observation[], { wall, monotonic }: Now): void {
    const by = wall - monotonic - this.#offset;
    this.#offset = wall - monotonic;
    if (by !== 0) this.#samples = moved(this.#samples, { before: wall - by, by });
    this.#samples = remember(this.#samples, observations, wall);
  }

  /** Judges, and lets every move happen that follows. */
  turn(now: Now): void {
    this.#endRun(now);
    for (let round = 0; round < 10; round += 1) {
      const judgement = this.#judge(now);
      const decision = judgement.decide(this.#facts(now), now.wall);
      const [move] = nextMoves(this.#state, { decision, now: now.wall, planHash: 'plan-1', blind: judgement.blind });
      if (!move) return;
      this.#perform(now, move, decision);
    }
    this.refused.push('the moves did not come to rest');
  }

  person(action: PersonDoes, now: Now): void {
    for (const body of doneBy(action, this.#state, now)) this.#append(now, body);
  }

  restart(now: Now): void {
    this.#samples = this.#nothingSeen();
    this.#append(now, { kind: 'daemon.started', version: '0', configHash: 'config-1', pid: 1 });
  }

  get isStopped(): boolean {
    const incident = openIncidentOf(this.#state);
    const state = incident?.containment.state;
    return state === 'begun' || state === 'proven' || runUnderWay(this.#state) !== undefined;
  }

  version({ wall }: Now): 'unified' | 'legacy' {
    return expectedVersion(this.#state, this.#settings.migration.cutoverAt, wall);
  }

  #nothingSeen() {
    return emptySamples(sampleLimits(rules, this.#settings.probes));
  }

  #judge({ wall }: Now) {
    return judge({ samples: this.#samples, state: this.#state, settings: this.#settings, now: wall });
  }

  #facts({ wall }: Now): GuardFacts {
    const { cutoverAt } = this.#settings.migration;
    return {
      ...journalFacts(this.#state, wall),
      now: wall,
      cutoverAt,
      configHash: 'config-1',
      writesLost: known({ inserts: 12, updates: 3, deletes: 0, perTenant: {} }),
      backup: known({ hash: 'manifest-1', takenAt: cutoverAt - 1 }),
      mongo: mongoHealth(this.#samples, rules['database-connection'].clearFor, wall),
      legacyDatabases: known([
        { name: 'superkafe_negoes', policy: 'restore', onDifferent: 'ask', state: known('equal') },
      ]),
      plan: known({ hash: 'plan-1', legacyCommit: 'abc' }),
      lease: known({ heldBy: 'us', mine: true }),
    };
  }

  #perform(now: Now, move: Move, decision: Decision): void {
    const happened = deedOf(move);
    if (happened) this.done.push({ ...happened, tier: happened.deed === 'asked' ? decision.tier : undefined });
    const id = `incident-${++this.#serial}`;
    this.#append(now, ...eventsAfter(move, id, now));
  }

  #endRun(now: Now): void {
    const run = runUnderWay(this.#state);
    if (!run || now.wall < run.startedAt + (run.plan.kind === 'containment' ? takes.containment : takes.rollback))
      return;
    for (const { id } of run.plan.steps) {
      const step = { run: run.run, step: id, attempt: 1 };
      this.#append(
        now,
        { kind: 'step.started', ...step },
        { kind: 'step.succeeded', ...step, tookMs: 1, evidence: {} },
      );
    }
    this.#append(now, { kind: 'run.finished', run: run.run, outcome: 'succeeded', reason: 'succeeded' });
  }

  #append({ wall }: Now, ...bodies: EventBody[]): void {
    for (const body of bodies) {
      const refusal = permits(this.#state, body);
      if (refusal) this.refused.push(`${body.kind} was refused: ${refusal}`);
      else this.#state = fold(this.#state, { seq: this.#state.lastSeq + 1, at: wall, body, hash: '' });
    }
  }
}

function eventsAfter(move: Move, id: string, { wall }: Now): EventBody[] {
  switch (move.kind) {
    case 'contain':
    case 'start-rollback': {
      const { incident, authority } = move;
      const plan = planOf(move.kind === 'contain' ? 'containment' : 'rollback');
      return [{ kind: 'run.started', run: `run-${id}`, incident, plan, authority }];
    }
    case 'start-watch':
      return [{ kind: 'watch.started', run: move.run, until: wall + takes.watch }];
    case 'close-watch':
      return [{ kind: 'watch.closed', run: move.run, summary: {} }];
    default:
      return eventsOf(move, id);
  }
}

function deedOf(move: Move): Omit<Done, 'tier'> | undefined {
  switch (move.kind) {
    case 'tell':
      return { deed: 'told', words: move.subject };
    case 'open-incident':
    case 'record-decision': {
      const { action, reasonsFor } = move.decision;
      return action === 'hold' ? { deed: 'told', words: reasonsFor.join('; ') } : undefined;
    }
    case 'request-approval':
      // The same question stands again: nobody is called.
      if (move.quiet) return { deed: 'told', words: `revision ${move.revision} stands again` };
      return { deed: 'asked', words: `revision ${move.revision}` };
    case 'contain':
      return { deed: 'contained', words: '' };
    case 'start-rollback':
      return { deed: move.authority.by === 'daemon' ? 'rolled back alone' : 'rolled back as approved', words: '' };
    case 'withdraw':
      return { deed: 'withdrawn', words: move.reason };
    default:
      return undefined;
  }
}

const armed = (cutoverAt: number): EventBody => ({
  kind: 'mode.armed',
  reason: 'the migration went well',
  person: 'Sari',
  role: 'on-call-lead',
  until: Date.parse('2026-02-20T00:00:00Z'),
  manifestHash: 'manifest-1',
  legacyCommit: 'abc',
  configHash: 'config-1',
  guardsOff: ['drill', 'readiness'],
  cutoverAt,
});

const planOf = (kind: Plan['kind']): Plan => ({
  kind,
  target: 'cafe',
  legacyCommit: 'abc',
  manifestHash: 'manifest-1',
  configHash: 'config-1',
  steps: (kind === 'containment' ? ['stop'] : ['stop', 'start-application', 'enable-traffic', 'smoke-test']).map(
    (id) => ({
      id,
      action: 'stop-application',
      phase: 'stop',
      title: id,
      commands: [],
      evidence: 'none',
      effect: 'none',
      expectedMs: 1,
    }),
  ),
  hash: 'plan-1',
});

function doneBy(action: PersonDoes, state: DaemonState, { wall }: Now): EventBody[] {
  const incident = openIncidentOf(state);
  const last = lastRollbackOf(state);
  switch (action.does) {
    case 'approve':
    case 'reject': {
      if (incident?.status !== 'awaiting-approval') return [];
      const { revision, planHash, evidenceHash } = incident.request;
      const answer = action.does === 'approve' ? 'approved' : 'rejected';
      const { name: person, role } = action;
      return [
        {
          kind: 'approval.answered',
          incident: incident.id,
          revision,
          planHash,
          evidenceHash,
          answer,
          person,
          role,
          via: 'cli',
        },
      ];
    }
    case 'pause':
      return [{ kind: 'acting.paused', person: 'Sari', reason: 'a deploy', until: wall + action.minutes * 60_000 }];
    case 'unpause':
      return [{ kind: 'acting.unpaused', person: 'Sari' }];
    case 'release':
      return incident
        ? [{ kind: 'containment.released', incident: incident.id, person: 'Sari', reason: 'mended by hand' }]
        : [];
    case 'acknowledge':
      return last ? [{ kind: 'run.acknowledged', run: last.run, person: 'Sari' }] : [];
  }
}
