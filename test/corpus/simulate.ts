import { type Judgement, judge } from '../../src/engine/judge.ts';
import { type DaemonState, emptyState, type RunState } from '../../src/incident/daemon-state.ts';
import { fold } from '../../src/incident/fold.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import { journalFacts, openIncidentOf, runUnderWay } from '../../src/incident/read-state.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Authority, EventBody } from '../../src/model/event.ts';
import { type SampleLimits, sampleLimits } from '../../src/rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../../src/rules/samples/samples.ts';
import { guardFactsOf, planOf, rules, settingsOf, start } from './facts.ts';
import { controlAt, healthAt, isolationAt, mongoAt } from './observe.ts';
import { requestsAt, syntheticAt } from './observe-requests.ts';
import { doneBy } from './people.ts';
import type { Act, Line, Story } from './story.ts';
import { type World, wellWorld } from './world.ts';

const tick = 5_000;
const intervals = {
  healthEvery: 10_000,
  isolationEvery: 30_000,
  mongoEvery: 15_000,
  controlEvery: 5_000,
  requestsEvery: 5_000,
  syntheticEvery: 5_000,
  tenantsEvery: 60_000,
};
const limits: SampleLimits = sampleLimits(rules, intervals);
const containmentTakes = 20_000;
const rollbackTakes = 300_000;
const watchTakes = 3_600_000;

export interface Happened {
  readonly at: number;
  readonly act: Act;
}

export interface Told {
  readonly acts: readonly Happened[];
  /** Expectations of the story's lines that did not hold, and events that the state refused. */
  readonly faults: readonly string[];
  readonly state: DaemonState;
  readonly decisions: readonly Decision[];
}

/** Plays a story on the pure half of the daemon: an engine without effects, whose runs take fixed times. */
export function play(story: Story): Told {
  const theatre = new Theatre(story);
  for (let now = start; now <= start + story.lastsMs; now += tick) theatre.turn(now);
  return theatre;
}

class Theatre implements Told {
  readonly acts: Happened[] = [];
  readonly faults: string[] = [];
  readonly decisions: Decision[] = [];
  state: DaemonState;
  readonly #lines: Line[];
  #world: World = wellWorld;
  #samples: Samples = emptySamples(limits);
  #judged: { readonly now: number; readonly state: DaemonState; readonly judgement: Judgement } | undefined;
  #round = 0;
  #serial = 0;

  constructor(story: Story) {
    this.#lines = [...story.lines];
    this.state = emptyState(story.mode === 'approve' ? 'approve' : 'observe');
    if (story.mode === 'armed')
      for (const body of doneBy({ does: 'arm' }, this.state, this.#world, start)) this.#append(start, body);
  }

  turn(now: number): void {
    const due = this.#dueLines(now);
    for (const line of due) this.#change(now, line);
    this.#look(now);
    this.#endRuns(now);
    const decision = this.#decide(now);
    this.decisions.push(decision);
    this.#act(now, decision);
    for (const line of due) this.#check(now, line, decision);
  }

  #dueLines(now: number): Line[] {
    const count = this.#lines.findIndex((line) => start + line.at > now);
    return this.#lines.splice(0, count < 0 ? this.#lines.length : count);
  }

  #change(now: number, line: Line): void {
    if (line.line === 'world') this.#world = { ...this.#world, ...line.change };
    if (line.line === 'person') {
      for (const body of doneBy(line.person, this.state, this.#world, now)) this.#append(now, body);
    }
    if (line.line === 'restart') {
      this.#samples = emptySamples(limits);
      this.#append(now, { kind: 'daemon.started', version: '0', configHash: this.#world.configHash, pid: 1 });
    }
  }

  get #stopped(): boolean {
    const incident = openIncidentOf(this.state);
    const contained = incident?.containment.state === 'begun' || incident?.containment.state === 'proven';
    return contained || runUnderWay(this.state) !== undefined || incident?.status === 'rollback-failed';
  }

  #look(now: number): void {
    const world = this.#world;
    const due = (every: number) => (now - start) % every === 0;
    if (due(intervals.isolationEvery)) this.#round += 1;
    const seen = [
      ...(due(intervals.controlEvery) ? [controlAt(world, now)] : []),
      ...(due(intervals.healthEvery) ? [healthAt(world, this.#stopped, now)] : []),
      ...(due(intervals.mongoEvery) ? [mongoAt(world, now)] : []),
      ...(due(intervals.isolationEvery) ? isolationAt(world, this.#stopped, now, this.#round) : []),
      ...(due(intervals.requestsEvery) ? [requestsAt(world, this.#stopped, now, intervals.requestsEvery)] : []),
      ...(due(intervals.syntheticEvery)
        ? [syntheticAt(world, this.#stopped, now, (now - start) / intervals.syntheticEvery)]
        : []),
    ];
    this.#samples = remember(this.#samples, seen, now);
  }

  /** Once for the same state: judging is what takes time. */
  #judge(now: number): Judgement {
    const known = this.#judged;
    if (known?.now === now && known.state === this.state) return known.judgement;
    const judgement = this.#judgeAnew(now);
    this.#judged = { now, state: this.state, judgement };
    return judgement;
  }

  #judgeAnew(now: number): Judgement {
    const settings = settingsOf(this.#world);
    return judge({ samples: this.#samples, state: this.state, settings, now });
  }

  #decide(now: number): Decision {
    const facts = guardFactsOf(this.#world, journalFacts(this.state, now), this.#samples, now);
    return this.#judge(now).decide(facts, now);
  }

  #act(now: number, first: Decision): void {
    let decision = first;
    for (let round = 0; round < 10; round += 1) {
      const planHash = this.#world.plan === 'none' ? undefined : this.#world.plan;
      const [move] = nextMoves(this.state, { decision, now, planHash, blind: this.#judge(now).blind });
      if (!move) return;
      this.#perform(now, move);
      decision = this.#decide(now);
    }
    this.faults.push(`the moves did not come to rest at ${now - start}`);
  }

  #perform(now: number, move: Move): void {
    switch (move.kind) {
      case 'contain':
        this.#done(now, 'contain');
        this.#startRun(now, 'containment', move.incident, move.authority);
        break;
      case 'start-rollback':
        this.#done(now, move.authority.by === 'daemon' ? 'roll back alone' : 'roll back as approved');
        this.#startRun(now, 'rollback', move.incident, move.authority);
        break;
      case 'start-watch':
        this.#append(now, { kind: 'watch.started', run: move.run, until: now + watchTakes });
        break;
      case 'close-watch':
        this.#append(now, { kind: 'watch.closed', run: move.run, summary: {} });
        break;
      default:
        this.#note(now, move);
        this.#append(now, ...eventsOf(move, `incident-${++this.#serial}`));
    }
  }

  #note(now: number, move: Move): void {
    if (move.kind === 'request-approval' && !move.quiet) this.#done(now, 'ask');
    if (move.kind === 'tell' && move.identity.topic.of.what === 'blind') this.#done(now, 'say that it is blind');
    if (move.kind === 'withdraw') this.#done(now, 'withdraw');
    if (move.kind === 'close') this.#done(now, 'close');
    if (move.kind === 'record-finding') this.#done(now, 'find in the watch');
    if (move.kind === 'open-incident' && move.decision.action === 'hold') this.#done(now, 'hold');
    if (move.kind === 'record-decision' && move.decision.action === 'hold') this.#done(now, 'hold');
  }

  #done(now: number, act: Act): void {
    this.acts.push({ at: now - start, act });
  }

  #startRun(now: number, kind: 'containment' | 'rollback', incident: string, authority: Authority): void {
    const plan = planOf(kind, this.#world.plan);
    this.#append(now, { kind: 'run.started', run: `run-${++this.#serial}`, incident, plan, authority });
  }

  #endRuns(now: number): void {
    const run = runUnderWay(this.state);
    if (!run) return;
    if (run.status === 'interrupted') this.#append(now, { kind: 'run.resumed', run: run.run });
    const takes = run.plan.kind === 'containment' ? containmentTakes : rollbackTakes;
    if (now < run.startedAt + takes) return;
    const outcome = this.#takeSteps(now, run);
    this.#append(now, { kind: 'run.finished', run: run.run, outcome, reason: outcome });
    const back = outcome === 'succeeded' || this.#world.runs === 'fail-late';
    if (back && run.plan.kind === 'rollback') {
      this.#world = { ...this.#world, application: 'up', leaks: [], failing: 0, slowness: 1, database: 'connected' };
    }
  }

  /** The steps that are left, all at once; a run fails at its first step, or at its last. */
  #takeSteps(now: number, run: RunState): 'succeeded' | 'failed' {
    const left = run.plan.steps.filter(({ id }) => run.steps.get(id)?.at(-1)?.status !== 'succeeded');
    const failing = { succeed: undefined, fail: left[0], 'fail-late': left.at(-1) }[this.#world.runs];
    for (const { id } of left) {
      const step = { run: run.run, step: id, attempt: (run.steps.get(id)?.at(-1)?.attempt ?? 0) + 1 };
      this.#append(now, { kind: 'step.started', ...step });
      if (id === failing?.id) {
        this.#append(now, { kind: 'step.failed', ...step, tookMs: 1, reason: 'broken', message: 'it broke' });
        return 'failed';
      }
      this.#append(now, { kind: 'step.succeeded', ...step, tookMs: 1, evidence: {} });
    }
    return 'succeeded';
  }

  #append(now: number, ...bodies: EventBody[]): void {
    for (const body of bodies) {
      const refusal = permits(this.state, body);
      if (refusal) this.faults.push(`${body.kind} was refused at ${(now - start) / 1000}s: ${refusal}`);
      else this.state = fold(this.state, { seq: this.state.lastSeq + 1, at: now, body, hash: '' });
    }
  }

  #check(now: number, line: Line, decision: Decision): void {
    const when = `at ${(now - start) / 1000}s`;
    if (line.line === 'decision') {
      const said = [...decision.reasonsFor, ...decision.reasonsAgainst].join('\n');
      if (decision.action !== line.action)
        this.faults.push(`${when}: decided ${decision.action}, not ${line.action}\n${said}`);
      if (line.saying && !line.saying.test(said)) this.faults.push(`${when}: nothing says ${line.saying}\n${said}`);
    }
    if (line.line === 'status') {
      const status = openIncidentOf(this.state)?.status ?? 'no incident';
      if (status !== line.status) this.faults.push(`${when}: the incident is ${status}, not ${line.status}`);
    }
  }
}
