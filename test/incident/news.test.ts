import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { newsOf } from '../../src/incident/news.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { Incident } from '../../src/incident/state.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, decisionTo, must, opened, topicText } from './histories.ts';

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
const leak = (...tenants: string[]) => page(breach('cross-tenant-leak', tenants, { first: 'contain' }));

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
  movesAt(...life).flatMap((move) => (move.kind === 'tell' ? [topicText(move.identity)] : []));

const rejected = (
  of: Decision,
  role: 'on-call-lead' | 'product-owner' | 'engineering-manager' | 'engineering-manager',
): EventBody => ({
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
      breach('error-rate-severe', [tenant], {
        verdict: 'exempt',
        exemptBecause: 'one-tenant',
        tier: 'severe',
        told: true,
      }),
    ],
  });

const askedAbout = (of: Decision): EventBody[] => [
  {
    kind: 'approval.requested',
    incident: 'i',
    revision: 1,
    planHash: 'plan-1',
    evidenceHash: evidenceHash(of),
    quorum: [['on-call-lead'], ['product-owner']],
  },
];

/** What is new at a look, in one word. */
const newsAt = (before: Incident, decision: Decision, planHash = 'plan-1') =>
  newsOf(before, { decision, now: begin, planHash })?.news;

describe('news', () => {
  const outage = decisionTo('page');
  const lasting = (value: number) => page(breach('unavailable', [], { unit: 'ms', value }));

  it('is another criterion in breach, in words', () => {
    const both = { ...outage, verdicts: verdictsIn('breach', 'breach') };
    expect(newsOf(decidedOn(outage), { decision: both, now: begin, planHash: undefined })).toEqual({
      news: 'criterion',
      criteria: ['cross-tenant-leak'],
      text: 'cross-tenant-leak is now in breach',
    });
    const slow = page(breach('unavailable', []), breach('latency-severe', []), breach('error-rate-severe', []));
    expect(newsOf(decidedOn(outage), { decision: slow, now: begin, planHash: undefined })?.text).toBe(
      'latency-severe, error-rate-severe are now in breach',
    );
  });

  it('is a higher tier, and no lower one', () => {
    expect(newsAt(decidedOn({ ...outage, tier: 'severe' }), outage)).toBe('tier');
    expect(newsAt(decidedOn(outage), { ...outage, tier: 'severe' })).toBeUndefined();
  });

  it('is what is worse by the same measure, or milder by another, and not what is milder by the same', () => {
    const at = (criterion: CriterionName, tier: Verdict['tier'], measure: Verdict['measure']) =>
      page(breach(criterion, [], { tier, measure }));
    const severe = at('error-rate-severe', 'severe', 'error-rate');
    const moderate = at('error-rate-moderate', 'moderate', 'error-rate');
    expect(newsAt(decidedOn(severe), moderate)).toBeUndefined();
    expect(newsAt(decidedOn(severe), at('latency-moderate', 'moderate', 'latency'))).toBe('criterion');
    expect(newsAt(decidedOn(moderate), severe)).toBe('criterion');
  });

  it('is one more tenant of a leak, and of nothing else', () => {
    expect(newsAt(decidedOn(leak('a', 'b')), leak('a', 'c'))).toBe('leaked-tenant');
    expect(newsAt(decidedOn(leak('a', 'b')), leak('b'))).toBeUndefined();
    expect(newsAt(decidedOn(leak('a', 'b'), leak('c')), leak('a', 'b', 'c'))).toBeUndefined();
    expect(newsAt(decidedOn(errors('a', 'b')), errors('c', 'd', 'e', 'f'))).toBeUndefined();
  });

  it('is no doubled value, no longer outage, no jitter, no less of it, no blindness', () => {
    const failing = (value: number) => page(breach('error-rate-severe', [], { value }));
    expect(newsAt(decidedOn(failing(0.12)), failing(1))).toBeUndefined();
    expect(newsAt(decidedOn(lasting(900_000)), lasting(9_000_000))).toBeUndefined();
    expect(newsAt(decidedOn(errors('a', 'b')), errors())).toBeUndefined();
    const blind = decisionTo('none', { verdicts: verdictsIn('inconclusive', 'inconclusive') });
    expect(newsAt(decidedOn(outage), blind)).toBeUndefined();
  });

  it('is no breach that was told, and comes back beside what people are asked about', () => {
    const slow = breach('latency-severe', []);
    const failing = breach('error-rate-severe', []);
    const both = decidedOn(page(failing, slow), page(failing));
    expect(newsAt(both, page(failing, slow))).toBeUndefined();
    expect(newsAt(both, page(slow))).toBe('criterion');
  });

  it('is that the application can be stopped, another plan, or another course', () => {
    const contain: Decision = { ...leak('a'), action: 'contain', next: 'page' };
    expect(newsAt(decidedOn(leak('a')), contain)).toBe('containable');
    expect(newsAt(decidedOn(outage), { ...outage, action: 'rollback' })).toBe('course');
    const asked = must(emptyState('approve'), ...opened('i', outage), ...askedAbout(outage)).incidents.get('i');
    expect(asked && newsAt(asked, outage, 'plan-2')).toBe('plan');
    expect(asked && newsAt(asked, outage)).toBeUndefined();
  });

  it('is no plan that cannot be made now, and none but that of the newest decision once people were asked about it', () => {
    const asked = [...opened('i', outage), ...askedAbout(outage)];
    const [first, anew] = [asked, [...asked, decided(2, outage)]].map((events) =>
      must(emptyState('approve'), ...events).incidents.get('i'),
    );
    expect(first && newsOf(first, { decision: outage, now: begin, planHash: undefined })).toBeUndefined();
    expect(anew && newsAt(anew, outage, 'plan-2')).toBeUndefined();
  });

  it('is whatever is decided first, and nothing where there is nothing to decide any more', () => {
    const [opening] = opened('i', outage);
    const undecided = opening && must(emptyState('approve'), opening).incidents.get('i');
    const nothing = decisionTo('none', { verdicts: verdictsIn('clear', 'clear'), tier: undefined });
    expect(undecided && newsAt(undecided, outage)).toBe('first');
    expect(undecided && newsAt(undecided, nothing)).toBeUndefined();
    expect(newsAt(decidedOn(outage), nothing)).toBeUndefined();
  });

  it('is no question given up because what is asked about is only pending again', () => {
    const pending = decisionTo('hold', { verdicts: [breach('unavailable', [], { verdict: 'pending', told: true })] });
    expect(newsAt(decidedOn(outage), pending)).toBeUndefined();
    const beside = { ...pending, verdicts: [...pending.verdicts, ...verdictsIn('clear', 'clear').slice(0, 1)] };
    expect(newsAt(decidedOn(outage), beside)).toBeUndefined();
    expect(newsAt(decidedOn(pending), outage)).toBe('criterion');
  });

  it('is that what was in breach is clear, while other trouble is only told', () => {
    const hold = { ...alone('kopi'), verdicts: [...alone('kopi').verdicts, ...verdictsIn('clear', 'clear')] };
    expect(newsAt(decidedOn(outage), hold)).toBe('course');
    expect(newsAt(decidedOn(outage, hold), outage)).toBe('course');
  });

  it('is not that what all were asked about seems to be the trouble of one tenant', () => {
    const everybody = page(breach('error-rate-severe', [], { tier: 'severe' }));
    expect(newsAt(decidedOn(everybody), alone('kopi'))).toBeUndefined();
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
    expect(told(asked, looks, yes)).toEqual(['not-offered?revision=1']);
  });

  it('is over where it is worse as well, or where people are no longer to be asked for another reason', () => {
    const down = page(breach('unavailable', []), breach('error-rate-moderate', ['a', 'b']));
    expect(lived(asked, [unhelped(down)])).toEqual(['record-decision']);
    expect(lived(asked, [{ ...asked, action: 'hold' }])).toEqual(['record-decision']);
  });

  it('is not asked where it has not been yet', () => {
    expect(newsAt(decidedOn(asked), unhelped(asked))).toBe('course');
  });
});

describe('a no', () => {
  it('stands when it is more of the same: of other tenants, twice as much, under another plan', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const looks = [errors('a', 'b', 'c', 'd', 'e'), page(breach('error-rate-moderate', ['a', 'b'], { value: 0.9 }))];
    expect(lived(errors('a', 'b'), looks, no)).toEqual([]);
    const state = must(
      emptyState('approve'),
      ...opened('i', errors('a')),
      ...askedAbout(errors('a')),
      rejected(errors('a'), 'product-owner'),
    );
    expect(nextMoves(state, { decision: errors('a'), now: begin, planHash: 'plan-2' }).map(({ kind }) => kind)).toEqual(
      ['tell'],
    );
  });

  it('is asked about again for another criterion, a higher tier or one more leaked tenant', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const anew = ['record-decision', 'request-approval'];
    const down = page(breach('unavailable', []), breach('error-rate-moderate', ['a', 'b']));
    expect(lived(errors('a', 'b'), [down], no)).toEqual(anew);
    expect(lived(errors('a', 'b'), [{ ...errors('a', 'b'), tier: 'severe' }], no)).toEqual(anew);
    const noToLeak = rejected(leak('a', 'b'), 'on-call-lead');
    expect(lived(leak('a', 'b'), [leak('a', 'b', 'c')], noToLeak)).toEqual(anew);
  });

  it('stands when the trouble is milder than it was', () => {
    const severe = { measure: 'error-rate', tier: 'severe' } as const;
    const worse: Decision = { ...page(breach('error-rate-severe', ['a', 'b'], severe)), tier: 'severe' };
    const milder = page(breach('error-rate-moderate', ['a', 'b'], { measure: 'error-rate', tier: 'moderate' }));
    expect(lived(worse, [milder], rejected(worse, 'engineering-manager'))).toEqual([]);
  });

  it('stands while nothing of it is seen, or all of it is in doubt', () => {
    const blind = decisionTo('none', {
      verdicts: [breach('error-rate-moderate', [], { verdict: 'inconclusive' })],
      tier: undefined,
      criterion: undefined,
    });
    const no = rejected(errors('a', 'b'), 'product-owner');
    expect(told(errors('a', 'b'), [blind], no)).toEqual(['rejected?revision=1']);
  });

  it('is no question again because it may now be contained', () => {
    const contain: Decision = { ...leak('a', 'b'), action: 'contain', next: 'page' };
    expect(lived(leak('a', 'b'), [contain], rejected(leak('a', 'b'), 'on-call-lead'))).toEqual([]);
  });
});

describe('after a no people are told once, and asked nothing,', () => {
  it('of news that cannot be asked about, since a rollback would not help', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const unhelped = (...verdicts: Verdict[]): Decision => ({ ...page(...verdicts), action: 'hold' });
    const down = unhelped(breach('database-connection', []), breach('error-rate-moderate', ['a', 'b']));
    expect(told(errors('a', 'b'), [down, down], no)).toEqual([
      'rejected?revision=1',
      'also?revision=1&which=criterion%3A+database-connection+is+now+in+breach',
    ]);
    expect(lived(errors('a', 'b'), [down, down], no)).toEqual([]);
  });

  it('of a balancer that lets nobody through', () => {
    const no = rejected(errors('a', 'b'), 'product-owner');
    const barred = breach('unavailable', [], { verdict: 'exempt', exemptBecause: 'balancer', told: true });
    expect(told(errors('a', 'b'), [page(breach('error-rate-moderate', ['a', 'b']), barred)], no)).toEqual([
      'rejected?revision=1',
      'also?which=unavailable',
    ]);
  });
});
