import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { runUnderWay } from '../../src/incident/read-state.ts';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';
import type { Mode } from '../../src/model/mode.ts';
import type { Observation } from '../../src/model/observation.ts';
import { openRecorder } from '../../src/recorder/recorder.ts';
import { assumed, assumedPlan, assumedRun, forEver } from '../../src/replay/assumed-world.ts';
import { assumedFacts } from '../../src/replay/pure-half.ts';
import type { ReplayConfig } from '../../src/replay/replay.ts';
import { type Judging, judging } from '../engine/judging.ts';

/** What the probes see at a moment of the story. */
export type World = (sinceStart: number) => readonly Omit<Observation, 'at'>[];

const tick = 5_000;

const arming: EventBody = {
  kind: 'mode.armed',
  person: 'sari',
  role: 'on-call-lead',
  until: forEver,
  manifestHash: assumed.manifestHash,
  legacyCommit: assumed.legacyCommit,
  configHash: assumed.configHash,
  guardsOff: [],
  reason: 'the migration went well',
};

/** Drives the real engine through a story, and keeps what it saw with the real recorder. */
export async function live(config: ReplayConfig, mode: Mode, lastsMs: number, world: World) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'observations.db');
  using recorder = openRecorder({ file, limitBytes: 64 * 2 ** 20 });
  const events: JournalEvent[] = [];
  const engine = liveEngine(config, mode);
  engine.memory.subscribe((event) => events.push(event));
  for (let since = 0; since <= lastsMs; since += tick) {
    const seen = world(since).map((each) => ({ ...each, at: engine.clock.now() }) as Observation);
    recorder.record(seen);
    goOn(engine);
    engine.engine.take(seen, engine.stop.signal);
    await engine.engine.idle();
    await engine.clock.pass(tick);
  }
  return { file, events };
}

const pastOf = (mode: Mode): EventBody[] =>
  mode === 'armed' ? [arming] : [{ kind: 'mode.changed', mode, person: 'sari', reason: 'a new installation' }];

function liveEngine(config: ReplayConfig, mode: Mode): Judging {
  const settings = { ...config, guard: { ...config.guard, until: forEver }, latencyBaseline: new Map() };
  const facts = () => {
    const now = stage.clock.now();
    return assumedFacts(assumed, { state: stage.memory.state(), samples: stage.engine.samples, settings, now });
  };
  const stage: Judging = judging(pastOf(mode), {
    settings,
    quickFacts: facts,
    gatherFacts: async () => ({ facts: facts(), plan: assumedPlan('rollback') }),
    performMove: async (move) => {
      stage.memory.append(...written(move));
    },
  });
  return stage;
}

let serial = 0;

function written(move: Move): EventBody[] {
  serial += 1;
  switch (move.kind) {
    case 'contain':
    case 'start-rollback': {
      const plan = assumedPlan(move.kind === 'contain' ? 'containment' : 'rollback');
      return [{ kind: 'run.started', run: `run-${serial}`, incident: move.incident, plan, authority: move.authority }];
    }
    case 'start-watch':
      return [{ kind: 'watch.started', run: move.run, until: forEver }];
    case 'close-watch':
      return [];
    default:
      return eventsOf(move, `incident-of-the-daemon-${serial}`);
  }
}

/** A run that is under way ends when its time is over. */
function goOn({ memory, clock }: Judging): void {
  const run = runUnderWay(memory.state());
  if (run) memory.append(...assumedRun(run, clock.now()));
}
