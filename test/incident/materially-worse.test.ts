import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { isMateriallyWorse } from '../../src/incident/materially-worse.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { Incident } from '../../src/incident/state.ts';
import { topicOf } from '../../src/incident/topics.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, decisionTo, must, opened } from './histories.ts';

const breach = (criterion: CriterionName, tenants: readonly string[], over: Partial<Verdict> = {}): Verdict => ({
  criterion,
  tier: criterion === 'error-rate-moderate' ? 'moderate' : 'critical',
  verdict: 'breach',
  value: 0.07,
  threshold: 0.05,
  unit: 'share',
  samples: 3,
  windowMs: 1,
  tenants: [...tenants],
  reason: criterion,
  ...over,
});

const page = (...verdicts: Verdict[]): Decision =>
  decisionTo('page', {
    verdicts,
    tenants: [...new Set(verdicts.flatMap(({ tenants }) => tenants))],
    ...(verdicts[0] && { criterion: verdicts[0].criterion, tier: verdicts[0].tier }),
  });

const errors = (...tenants: string[]) => page(breach('error-rate-moderate', tenants));
const leak = (...tenants: string[]) => page(breach('cross-tenant-leak', tenants));

const decided = (revision: number, decision: Decision): EventBody => ({
  kind: 'incident.decided',
  incident: 'i',
  revision,
  evidenceHash: evidenceHash(decision),
  decision,
});

/** An incident of which all of these were decided, one after the other. */
function decidedOn(first: Decision, ...later: Decision[]): Incident {
  const events = later.map((decision, index) => decided(index + 2, decision));
  const incident = must(emptyState('approve'), ...opened('i', first), ...events).incidents.get('i');
  if (!incident) throw new Error('there is no incident');
  return incident;
}

const isWritten = (move: Move) =>
  move.kind !== 'contain' &&
  move.kind !== 'start-rollback' &&
  move.kind !== 'start-watch' &&
  move.kind !== 'close-watch';

/** What the daemon does at each of these looks, the first one left out. */
function movesAt(first: Decision, looks: readonly Decision[], ...meanwhile: EventBody[]): Move[] {
  let state = must(emptyState('approve'), ...opened('i', first));
  const done: Move[] = [];
  const look = (decision: Decision) => {
    for (let round = 0; round < 10; round++) {
      const [move] = nextMoves(state, { decision, now: begin, planHash: 'plan-1' }).filter(isWritten);
      if (!move || !isWritten(move)) return;
      done.push(move);
      state = must(state, ...eventsOf(move, 'i'));
    }
  };
  look(first);
  state = must(state, ...meanwhile);
  done.splice(0);
  for (const decision of looks) look(decision);
  return done;
}

/** The kinds of it, what is told left out. */
const lived = (...life: Parameters<typeof movesAt>) =>
  movesAt(...life).flatMap(({ kind }) => (kind === 'tell' ? [] : [kind]));

/** The topics of what is told. */
const told = (...life: Parameters<typeof movesAt>) =>
  movesAt(...life).flatMap((move) => (move.kind === 'tell' ? [topicOf(move.message)?.topic] : []));

const rejected = (of: Decision, role: 'on-call-lead' | 'product-owner'): EventBody => ({
  kind: 'approval.answered',
  incident: 'i',
  revision: 1,
  planHash: 'plan-1',
  evidenceHash: evidenceHash(of),
  answer: 'rejected',
  person: 'Sari',
  role,
  via: 'cli',
});

const alone = (tenant: string): Decision =>
  decisionTo('hold', {
    tenants: [tenant],
    verdicts: [
      breach('error-rate-severe', [tenant], { verdict: 'exempt', exemptBecause: 'one-tenant', tier: 'severe' }),
    ],
  });

describe('what is materially worse', () => {
  const outage = decisionTo('page');
  const lasting = (value: number) => page(breach('unavailable', [], { unit: 'ms', value }));

  it('is a new breach, a higher tier, or twice the value', () => {
    expect(isMateriallyWorse(decidedOn(outage), { ...outage, verdicts: verdictsIn('breach', 'breach') })).toBe(
      'cross-tenant-leak is now in breach too',
    );
    expect(isMateriallyWorse(decidedOn({ ...outage, tier: 'severe' }), outage)).toBe(
      'the tier rose from severe to critical',
    );
    const half = 30 * 60_000;
    expect(isMateriallyWorse(decidedOn(lasting(half / 2)), lasting(half))).toBe(
      `unavailable has doubled, from ${half / 2} to ${half} ms`,
    );
    // Whatever goes on grows longer: a few minutes more are no other matter.
    expect(isMateriallyWorse(decidedOn(lasting(half / 4)), lasting(half / 2))).toBeUndefined();
  });

  it('is not the same again, nor less, nor blindness', () => {
    expect(isMateriallyWorse(decidedOn(outage), outage)).toBeUndefined();
    expect(isMateriallyWorse(decidedOn(errors('a', 'b')), errors())).toBeUndefined();
    const blind = decisionTo('none', { verdicts: verdictsIn('inconclusive', 'inconclusive') });
    expect(isMateriallyWorse(decidedOn(outage), blind)).toBeUndefined();
  });

  it('is one more tenant of a leak, and of all else as many again', () => {
    expect(isMateriallyWorse(decidedOn(leak('a', 'b')), leak('a', 'c'))).toBe('more tenants are affected: c');
    expect(isMateriallyWorse(decidedOn(errors('a', 'b')), errors('a', 'b', 'c'))).toBeUndefined();
    expect(isMateriallyWorse(decidedOn(errors('a', 'b')), errors('a', 'c', 'd'))).toBe(
      'more tenants are affected: c, d',
    );
  });

  it('is measured by the worst that was ever decided, not by what was decided last', () => {
    const back = decidedOn(errors('a', 'b'), errors('c', 'd'), errors('a', 'b'));
    expect(isMateriallyWorse(back, errors('c', 'd'))).toBeUndefined();
    const again = decidedOn(lasting(4_000_000), lasting(1_000_000));
    expect(isMateriallyWorse(again, lasting(4_000_000))).toBeUndefined();
  });

  it('is half of what still worked, where a share can double no more, and no last few requests', () => {
    const failing = (value: number) => page(breach('error-rate-severe', [], { value }));
    expect(isMateriallyWorse(decidedOn(failing(0.6)), failing(0.79))).toBeUndefined();
    expect(isMateriallyWorse(decidedOn(failing(0.6)), failing(0.8))).toBe(
      'error-rate-severe has risen, from 0.6 to 0.8 share',
    );
    expect(isMateriallyWorse(decidedOn(failing(0.12)), failing(0.24))).toMatch(/has doubled/);
    for (const before of [0.95, 1]) expect(isMateriallyWorse(decidedOn(failing(before)), failing(1))).toBeUndefined();
  });

  it('is not that somebody is named where nobody in particular was', () => {
    expect(isMateriallyWorse(decidedOn(errors()), errors('a', 'b'))).toBeUndefined();
  });

  it('is not that somebody is named after a breach that named nobody, whose trouble was told alone before', () => {
    const anybody = page(breach('error-rate-severe', []));
    expect(isMateriallyWorse(decidedOn(alone('a'), anybody), page(breach('error-rate-severe', ['b'])))).toBeUndefined();
  });

  it('is not a breach that was told, and comes back beside what people are asked about', () => {
    const slow = breach('latency-severe', []);
    const failing = breach('error-rate-severe', []);
    const both = decidedOn(page(failing, slow), page(failing));
    expect(isMateriallyWorse(both, page(failing, slow))).toBeUndefined();
    expect(isMateriallyWorse(both, page(slow))).toBe('latency-severe is now in breach too');
    expect(isMateriallyWorse({ ...both, status: 'rejected' }, page(failing, slow))).toMatch(/latency-severe/);
    const leaked = breach('cross-tenant-leak', ['a']);
    expect(isMateriallyWorse(decidedOn(page(failing, leaked), page(failing)), page(failing, leaked))).toMatch(/leak/);
  });

  it('is another tenant whose trouble is told alone', () => {
    expect(isMateriallyWorse(decidedOn(alone('kopi')), alone('kopi'))).toBeUndefined();
    expect(isMateriallyWorse(decidedOn(alone('kopi')), alone('negoes'))).toBe('more tenants are affected: negoes');
  });
});

describe('a question', () => {
  it('stands, and its clicks count, while the list of affected tenants jitters', () => {
    const looks = [errors('a', 'c'), errors('a', 'b'), errors('b', 'c'), errors('a', 'b')];
    expect(lived(errors('a', 'b'), looks)).toEqual([]);
    const yes = { ...rejected(errors('a', 'b'), 'product-owner'), answer: 'approved' } as EventBody;
    expect(lived(errors('a', 'b'), looks, yes)).toEqual([]);
  });
});

describe('a question, while a rollback would not help,', () => {
  const unhelped = (decision: Decision): Decision => ({
    ...decision,
    action: 'hold',
    guards: [{ guard: 'would-help', outcome: 'failed', reason: 'legacy was down' }],
  });
  const asked = errors('a', 'b');

  it('stands with its answers, and people are told once that none is offered at the moment', () => {
    const yes = { ...rejected(asked, 'product-owner'), answer: 'approved' } as EventBody;
    const looks = [unhelped(asked), asked, unhelped(asked), asked];
    expect(lived(asked, looks, yes)).toEqual([]);
    expect(told(asked, looks, yes)).toEqual(['r1.not-offered']);
  });

  it('is over where it is worse as well, or where people are no longer to be asked for another reason', () => {
    const down = page(breach('unavailable', []), breach('error-rate-moderate', ['a', 'b']));
    expect(lived(asked, [unhelped(down)])).toEqual(['record-decision']);
    expect(lived(asked, [{ ...asked, action: 'hold' }])).toEqual(['record-decision']);
  });
});

describe('how bad it once was', () => {
  const failing = (value: number) => page(breach('error-rate-severe', [], { value }));
  const asked: EventBody = {
    kind: 'approval.requested',
    incident: 'i',
    revision: 2,
    planHash: 'plan-1',
    evidenceHash: evidenceHash(failing(0.12)),
    quorum: [['on-call-lead']],
  };
  const again = ['record-decision', 'request-approval'];

  it('hides nothing from whoever was asked when it was less', () => {
    const said = [decided(2, failing(0.12)), asked];
    expect(lived(failing(0.8), [failing(0.12), failing(0.2)], ...said)).toEqual([]);
    expect(lived(failing(0.8), [failing(0.95)], ...said)).toEqual(again);
  });

  it('hides nothing after a no to less', () => {
    const no = { ...rejected(failing(0.12), 'on-call-lead'), revision: 2 } as EventBody;
    expect(lived(failing(0.8), [failing(0.95)], decided(2, failing(0.12)), asked, no)).toEqual(again);
  });
});

describe('a no', () => {
  it('stands when one more tenant turns up, be it in a leak', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    expect(lived(errors('a', 'b'), [errors('a', 'b', 'c')], no)).toEqual([]);
    const noToLeak = rejected(leak('a', 'b'), 'on-call-lead');
    expect(lived(leak('a', 'b'), [leak('a', 'b', 'c')], noToLeak)).toEqual([]);
  });

  it('is asked about again for another breach, a higher tier or twice as much', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const anew = ['record-decision', 'request-approval'];
    const worse = [
      errors('a', 'b', 'c', 'd'),
      page(breach('error-rate-moderate', ['a', 'b'], { value: 0.14 })),
      page(breach('unavailable', []), breach('error-rate-moderate', ['a', 'b'])),
    ];
    for (const decision of worse) expect(lived(errors('a', 'b'), [decision], no)).toEqual(anew);
  });

  it('is no question again because it may now be contained', () => {
    const contain: Decision = { ...leak('a', 'b'), action: 'contain', next: 'page' };
    expect(lived(leak('a', 'b'), [contain], rejected(leak('a', 'b'), 'on-call-lead'))).toEqual([]);
  });
});

describe('after a no people are told once, and asked nothing,', () => {
  it('of each further tenant of a leak', () => {
    const no = rejected(leak('a', 'b', 'c'), 'on-call-lead');
    const looks = [leak('a', 'b', 'c', 'd'), leak('a'), leak('a', 'd', 'e')];
    expect(told(leak('a', 'b', 'c'), looks, no)).toEqual(['r1.rejected', 'r1.since-no-leak-d', 'r1.since-no-leak-e']);
    expect(lived(leak('a', 'b', 'c'), looks, no)).toEqual([]);
  });

  it('of what is worse and cannot be asked about, since a rollback would not help', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const unhelped = (...verdicts: Verdict[]): Decision => ({ ...page(...verdicts), action: 'hold' });
    const more = (value: number) => unhelped(breach('error-rate-moderate', ['a', 'b'], { value }));
    const down = unhelped(breach('unavailable', []), breach('error-rate-moderate', ['a', 'b']));
    const looks = [more(0.2), more(0.3), down, down];
    expect(told(errors('a', 'b'), looks, no)).toEqual([
      'r1.rejected',
      'r1.since-no-worse-error-rate-moderate',
      'r1.since-no-also-unavailable',
    ]);
    expect(lived(errors('a', 'b'), looks, no)).toEqual([]);
  });

  it('of a balancer that lets nobody through', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const barred = breach('unavailable', [], { verdict: 'exempt', exemptBecause: 'balancer' });
    expect(told(errors('a', 'b'), [page(breach('error-rate-moderate', ['a', 'b']), barred)], no)).toEqual([
      'r1.rejected',
      'r1.since-no-also-unavailable',
    ]);
  });
});
