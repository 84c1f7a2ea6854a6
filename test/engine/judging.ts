import { pino } from 'pino';
import { Engine, type EngineDependencies } from '../../src/engine/engine.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import type { Move } from '../../src/incident/moves.ts';
import { journalFacts } from '../../src/incident/read-state.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Observation } from '../../src/model/observation.ts';
import { type GuardFacts, known, unknown } from '../../src/rules/guards/facts.ts';
import { guardSchema, rulesSchema } from '../../src/rules/schema.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import { probesOf, targetOf } from '../probes/settings.ts';
import { memoryJournal } from './memory-journal.ts';

const start = Date.parse('2026-01-10T03:00:00Z');

export interface Judging {
  readonly engine: Engine;
  readonly memory: Memory;
  readonly clock: ManualClock;
  readonly decisions: Decision[];
  readonly moves: Move[];
  readonly stuck: string[];
  readonly stop: AbortController;
  /** How often all facts were gathered. */
  gathered: number;
}

const facts = (memory: Memory, now: number): GuardFacts => ({
  now,
  cutoverAt: start - 3_600_000,
  configHash: 'config',
  ...journalFacts(memory.state(), now),
  writesLost: known({ inserts: 0, updates: 0, deletes: 0, perTenant: {} }),
  backup: known({ hash: 'manifest', takenAt: start - 7_200_000 }),
  mongo: unknown('not asked'),
  legacyDatabases: known([]),
  plan: known({ hash: 'plan', legacyCommit: 'abc' }),
  lease: known({ heldBy: 'us', mine: true }),
});

/** The engine alone: what it would do is only written down. */
export function judging(past: readonly EventBody[], changes: Partial<EngineDependencies> = {}): Judging {
  const clock = manualClock(start);
  const memory = openMemory(memoryJournal(past, clock.now), 'approve');
  const stage: Omit<Judging, 'engine'> = {
    memory,
    clock,
    decisions: [],
    moves: [],
    stuck: [],
    stop: new AbortController(),
    gathered: 0,
  };
  const engine: Engine = new Engine({
    settings: {
      rules: rulesSchema.parse({}),
      guard: guardSchema.parse({
        maxWritesLost: { inserts: 1, updates: 1, deletes: 1 },
        until: '2026-02-01T00:00:00Z',
        drill: 'off',
        readiness: 'off',
      }),
      containment: 'automatic',
      probes: probesOf(),
      target: targetOf('http://127.0.0.1:1', ['negoes', 'warung', 'kopi']),
      latencyBaseline: new Map(),
      migration: { cutoverAt: start - 3_600_000 },
    },
    memory,
    clock,
    log: pino({ level: 'silent' }),
    quickFacts: () => facts(memory, clock.now()),
    gatherFacts: async () => {
      whole.gathered += 1;
      return { facts: facts(memory, clock.now()), plan: undefined };
    },
    performMove: async (move) => void stage.moves.push(move),
    gatherWithin: 60_000,
    onStuck: (reason) => void stage.stuck.push(reason),
    onJudged: (decision) => void stage.decisions.push(decision),
    ...changes,
  });
  const whole: Judging = Object.assign(stage, { engine });
  return whole;
}

/** One look of one tenant at a trusted route; with foreign documents or without. */
export const isolation = (at: number, ...foreign: string[]): Observation => ({
  probe: 'isolation',
  status: 'observed',
  at,
  tookMs: 5,
  values: {
    tenant: 'negoes',
    route: 'menu',
    ask: 'own-list',
    trusted: true,
    checked: 5,
    foreign: foreign.map((id) => ({ id, owners: ['kopi'] })),
  },
});

export const control = (at: number): Observation => ({
  probe: 'control',
  status: 'observed',
  at,
  tookMs: 1,
  values: { loopDelayMs: 0 },
});

const answer = (up: boolean) =>
  up
    ? ({ outcome: 'up', why: 'ok', status: 200, tookMs: 5 } as const)
    : ({ outcome: 'down', why: 'refused', tookMs: 1 } as const);

export const health = (at: number, up: boolean): Observation => ({
  probe: 'health',
  status: 'observed',
  at,
  tookMs: 5,
  values: {
    application: answer(up),
    balancer: answer(up),
    vantage: { processes: { online: up ? 1 : 0, expected: 1 }, listening: up },
  },
});
