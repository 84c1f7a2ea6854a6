import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash as hashOfEvidence } from '../../src/incident/evidence.ts';
import { fold } from '../../src/incident/fold.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import { journalFacts, modeInForce, standingOf } from '../../src/incident/read-state.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { decide } from '../../src/rules/decide.ts';
import type { GuardFacts } from '../../src/rules/guards/facts.ts';
import { judgeGuards } from '../../src/rules/guards/guards.ts';
import { leadingBreach } from '../../src/rules/leading-breach.ts';
import { clearFacts, guardConfig, worldFacts } from '../rules/arbitrary-facts.ts';
import { anyVerdicts, verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { armed, begin, decisionTo, journalled, lived, must, opened, planOf, topicText, turns } from './histories.ts';

interface Present {
  readonly verdicts: readonly Verdict[];
  readonly facts: Partial<GuardFacts>;
  readonly policy: 'automatic' | 'ask';
  readonly planHash: string | undefined;
  readonly now: number;
}

const present: fc.Arbitrary<Present> = fc.record({
  verdicts: anyVerdicts,
  facts: fc.oneof(fc.constant({}), worldFacts),
  policy: fc.constantFrom('automatic', 'ask'),
  planHash: fc.constantFrom('plan-1', 'plan-1', 'plan-2', undefined),
  now: fc.integer({ min: begin, max: begin + 20_000_000 }),
});

/** The fresh decision, as the engine makes it: from the verdicts, the guards and what stands already. */
function decided(state: DaemonState, { verdicts, facts, policy, now }: Present): Decision {
  const standing = standingOf(state);
  const lead = leadingBreach(verdicts, standing);
  const all: GuardFacts = { ...clearFacts, ...facts, ...journalFacts(state, now), now };
  return decide({
    verdicts,
    guardResults: lead ? judgeGuards(all, guardConfig, lead.criterion) : [],
    mode: modeInForce(state, now),
    pausedUntil: state.paused?.until,
    containmentPolicy: policy,
    incident: standing,
    now,
  });
}

const movesNow = (state: DaemonState, at: Present): Move[] =>
  nextMoves(state, { decision: decided(state, at), now: at.now, planHash: at.planHash });

function bodiesOf(move: Move, serial: number, { now, planHash = 'plan-1' }: Present): EventBody[] {
  const run = `run-next-${serial}`;
  switch (move.kind) {
    case 'contain':
      return [
        { kind: 'run.started', run, incident: move.incident, plan: planOf('containment'), authority: { by: 'daemon' } },
      ];
    case 'start-rollback': {
      const plan = planOf('rollback', move.planHash ?? planHash);
      return [{ kind: 'run.started', run, incident: move.incident, plan, authority: move.authority }];
    }
    case 'start-watch':
      return [{ kind: 'watch.started', run: move.run, until: now + 7_200_000 }];
    case 'close-watch':
      return [{ kind: 'watch.closed', run: move.run, summary: {} }];
    default:
      return eventsOf(move, `incident-next-${serial}`);
  }
}

/** What a whole batch of moves leads to; throws where the state refuses one of them. */
function carriedOut(state: DaemonState, moves: readonly Move[], at: Present): DaemonState {
  let known = state;
  for (const move of moves) {
    for (const body of bodiesOf(move, known.lastSeq, at)) {
      const refusal = permits(known, body);
      if (refusal) throw new Error(`${move.kind}, ${body.kind}: ${refusal}`);
      known = fold(known, journalled(known, body, at.now));
    }
  }
  return known;
}

/** The state in which there is nothing left to do; throws where it is not reached soon. */
function atRest(state: DaemonState, at: Present): DaemonState {
  let known = state;
  for (let round = 0; round < 8; round += 1) {
    const moves = movesNow(known, at);
    if (moves.length === 0) return known;
    known = carriedOut(known, moves, at);
  }
  throw new Error(`not at rest: ${JSON.stringify(movesNow(known, at).map(({ kind }) => kind))}`);
}

const kinds = (moves: readonly Move[]) => moves.map(({ kind }) => kind);
const calm: Present = {
  verdicts: verdictsIn('clear', 'breach'),
  facts: {},
  policy: 'automatic',
  planHash: 'plan-1',
  now: begin,
};
const look = (decision: Decision, now = begin) => ({ decision, now, planHash: 'plan-1' });

describe('the next moves', () => {
  it('come to rest from whatever life the daemon has led, each permitted, and then there are none', () => {
    fc.assert(
      fc.property(turns, present, (life, at) => {
        const state = lived(life).states.at(-1) ?? emptyState();
        const rest = atRest(state, at);
        expect(movesNow(rest, at)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('stay legal through a whole life of changing presents', () => {
    fc.assert(
      fc.property(turns, fc.array(present, { maxLength: 6 }), (life, presents) => {
        const ordered = presents.map(({ now }) => now).sort((a, b) => a - b);
        let state = lived(life).states.at(-1) ?? emptyState();
        for (const [index, at] of presents.entries()) state = atRest(state, { ...at, now: ordered[index] ?? at.now });
      }),
      { numRuns: 300 },
    );
  });

  it('hold no act in observe mode, in a pause, in a watch, or while a run is under way', () => {
    fc.assert(
      fc.property(turns, present, (life, at) => {
        const state = lived(life).states.at(-1) ?? emptyState();
        const acts = movesNow(state, at).filter(({ kind }) => kind === 'contain' || kind === 'start-rollback');
        if (acts.length === 0) return;
        expect(journalFacts(state, at.now).runUnderWay).toBeUndefined();
        expect(state.paused === undefined || state.paused.until <= at.now).toBe(true);
        const alone = acts.some(
          (move) => move.kind === 'contain' || (move.kind === 'start-rollback' && move.authority.by === 'daemon'),
        );
        const mode = modeInForce(state, at.now);
        if (alone) expect(mode === 'observe' || state.watch !== undefined).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('open an incident, tell people, then act', () => {
    const start = must(emptyState('approve'), armed);
    const first = movesNow(start, calm);
    expect(kinds(first)).toEqual(['open-incident']);
    const second = movesNow(carriedOut(start, first, calm), calm);
    expect(kinds(second)).toEqual(['tell', 'start-rollback']);
  });

  it('ask on, although the daemon has gone blind since it decided', () => {
    const state = must(emptyState('approve'), ...opened('incident-1', decisionTo('page')));
    const blind = decisionTo('none', { verdicts: verdictsIn('inconclusive', 'inconclusive') });
    expect(kinds(nextMoves(state, look(blind)))).toEqual(['tell', 'request-approval']);
  });

  it('withdraw what has healed, but nothing that cannot be seen', () => {
    const state = must(emptyState('approve'), ...opened('incident-1', decisionTo('page')));
    const healed = decisionTo('none', { verdicts: verdictsIn('inconclusive', 'clear') });
    expect(kinds(nextMoves(state, look(healed)))).toEqual(['tell', 'withdraw']);
    for (const verdict of ['inconclusive', 'pending', 'exempt'] as const) {
      const unsettled = decisionTo('none', { verdicts: verdictsIn('clear', verdict) });
      expect(kinds(nextMoves(state, look(unsettled)))).not.toContain('withdraw');
    }
  });

  it('go on from an incident that was opened and cut off before anything was decided', () => {
    const cut = must(emptyState('approve'), ...opened('incident-1', decisionTo('page')).slice(0, 1));
    expect(kinds(nextMoves(cut, look(decisionTo('page'))))).toEqual(['record-decision']);
    const healed = decisionTo('none', { verdicts: verdictsIn('clear', 'clear') });
    expect(kinds(nextMoves(cut, look(healed)))).toEqual(['tell', 'withdraw']);
  });

  it('leave a rejection alone, unless something worse can be asked about', () => {
    const page = decisionTo('page');
    const [asked] = nextMoves(must(emptyState('approve'), ...opened('incident-1', page)), look(page)).filter(
      (move) => move.kind === 'request-approval',
    );
    if (!asked) throw new Error('nobody was asked');
    const { incident, revision, planHash, evidenceHash } = asked;
    const subject = { incident, revision, planHash, evidenceHash };
    const rejected = must(emptyState('approve'), ...opened('incident-1', page), ...eventsOf(asked, ''), {
      kind: 'approval.answered',
      ...subject,
      answer: 'rejected',
      person: 'Sari',
      role: 'on-call-lead',
      via: 'cli',
    });
    expect(kinds(nextMoves(rejected, look(page)))).toEqual(['tell']);
    const worse = { verdicts: verdictsIn('breach', 'breach'), tenants: ['negoes'] };
    expect(kinds(nextMoves(rejected, look(decisionTo('page', worse))))).toEqual(['record-decision']);
    expect(kinds(nextMoves(rejected, look(decisionTo('hold', worse))))).toEqual(['tell', 'tell']);
    const rollback = decisionTo('rollback');
    const anew = { incident, revision: 2, evidenceHash: hashOfEvidence(rollback), decision: rollback };
    const reopened = must(rejected, { kind: 'incident.decided', ...anew });
    expect(kinds(nextMoves(reopened, look(rollback)))).not.toContain('start-rollback');
  });

  it('remind of an approval from when it was asked for, however long the incident was open before', () => {
    const page = decisionTo('page');
    const unplanned = { ...calm, verdicts: page.verdicts, planHash: undefined };
    const minute = 60_000;
    let state = must(emptyState('approve'), ...opened('incident-1', page));
    for (let now = begin; now < begin + 40 * minute; now += minute) state = atRest(state, { ...unplanned, now });
    const askedAt = begin + 40 * minute;
    const remindersAt = (now: number) => {
      const before = state.lastSeq;
      state = atRest(state, { ...calm, verdicts: page.verdicts, now });
      return [...state.messages.values()].slice(-(state.lastSeq - before || 1)).map(({ subject }) => subject);
    };
    expect(remindersAt(askedAt)).toContain('incident-1: your approval is needed');
    expect(remindersAt(askedAt + 11 * minute)).toEqual(['incident-1: still waiting']);
    expect(remindersAt(askedAt + 21 * minute)).toEqual(['incident-1: still waiting']);
  });

  it('remind people as long as nobody answers, once a period', () => {
    const page = decisionTo('page');
    let state = atRest(must(emptyState('approve'), ...opened('incident-1', page)), {
      ...calm,
      verdicts: page.verdicts,
    });
    const later = { ...calm, now: begin + 11 * 60_000 };
    const reminders = movesNow(state, later).filter((move) => move.kind === 'tell');
    expect(reminders.map(({ identity }) => topicText(identity))).toEqual(['asked?revision=1&period=1']);
    state = atRest(state, later);
    expect(movesNow(state, { ...later, now: later.now + 60_000 })).toEqual([]);
  });

  it('ask somebody to acknowledge what the daemon did alone, again and again', () => {
    const authority = { by: 'daemon' } as const;
    const incident = 'incident-1';
    const started = must(
      emptyState('approve'),
      armed,
      ...opened(incident, decisionTo('rollback')),
      { kind: 'run.started', run: 'run-1', incident, plan: { ...planOf('rollback'), steps: [] }, authority },
      { kind: 'run.finished', run: 'run-1', outcome: 'succeeded', reason: 'r' },
    );
    const quiet = { ...calm, verdicts: verdictsIn('clear', 'clear') };
    expect(kinds(movesNow(started, quiet))).toEqual(['tell', 'start-watch', 'tell']);
    const watched = atRest(started, quiet);
    const hour = movesNow(watched, { ...quiet, now: begin + 3_600_000 });
    expect(hour.flatMap((move) => (move.kind === 'tell' ? [topicText(move.identity)] : []))).toEqual([
      'acknowledge?period=1',
    ]);
    const acknowledged = must(watched, { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' });
    expect(movesNow(acknowledged, { ...quiet, now: begin + 3_600_000 })).toEqual([]);
  });
});
