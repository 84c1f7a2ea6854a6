import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { fold } from '../../src/incident/fold.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import { judgedFrom, modeInForce, standingOf } from '../../src/incident/read-state.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Authority, EventBody } from '../../src/model/event.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { armed, begin, decisionTo, journalled, must, opened, planOf } from './histories.ts';

const minute = 60_000;
const incident = 'incident-1';
const page = decisionTo('page');
const quiet = decisionTo('none', { verdicts: verdictsIn('clear', 'clear') });
const person: Authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' };
const subject = { incident, revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };

const movesAt = (state: DaemonState, now: number, decision = page): Move[] =>
  nextMoves(state, { decision, now, planHash: 'plan-1' });
const told = (moves: readonly Move[]) => moves.flatMap((move) => (move.kind === 'tell' ? [move] : []));
const kinds = (moves: readonly Move[]) => moves.map(({ kind }) => kind);

/** Writes down what is told, as the engine does. */
const heard = (state: DaemonState, moves: readonly Move[], at = begin): DaemonState =>
  told(moves)
    .flatMap((move) => eventsOf(move, ''))
    .reduce((known, body) => fold(known, journalled(known, body, at)), state);

const asked = must(emptyState('approve'), ...opened(incident, page), {
  kind: 'approval.requested',
  ...subject,
  quorum: quorumFor('critical'),
});
const answered = (answer: 'approved' | 'rejected'): EventBody => {
  return { kind: 'approval.answered', ...subject, answer, person: 'Sari', role: 'on-call-lead', via: 'cli' };
};

const step = (id: string, outcome: 'succeeded' | 'failed'): EventBody[] => {
  const attempt = { run: 'run-1', step: id, attempt: 1 };
  const end: EventBody =
    outcome === 'succeeded'
      ? { kind: 'step.succeeded', ...attempt, tookMs: 1, evidence: {} }
      : { kind: 'step.failed', ...attempt, tookMs: 1, reason: 'broken', message: 'it broke' };
  return [{ kind: 'step.started', ...attempt }, end];
};

const plan = {
  ...planOf('rollback'),
  steps: [
    { ...stepOf(), id: 'check-disk' },
    ...['restore', 'enable-traffic', 'smoke-test'].map((id) => ({ ...stepOf(), id, phase: 'verify' as const })),
  ],
};
function stepOf() {
  const [first] = planOf('rollback').steps;
  if (!first) throw new Error('a plan without steps');
  return first;
}

const failed: EventBody = { kind: 'run.finished', run: 'run-1', outcome: 'failed', reason: 'smoke-test: it broke' };
const late = [
  ...step('restore', 'succeeded'),
  ...step('enable-traffic', 'succeeded'),
  ...step('smoke-test', 'failed'),
  failed,
];
const rollback = (of: { incident?: string }, ...events: readonly EventBody[]): DaemonState => {
  const before = of.incident ? must(emptyState('approve'), ...opened(incident, page)) : emptyState('approve');
  return must(before, { kind: 'run.started', run: 'run-1', ...of, plan, authority: person }, ...events);
};

describe.each([
  ['in an incident', { incident }],
  ['without an incident', {}],
] as const)('a rollback %s', (_where, of) => {
  it('that fails after users were let in is watched, told as an alarm, and no downtime', () => {
    const state = rollback(of, ...late);
    const moves = movesAt(state, begin, quiet);
    expect(kinds(moves)).toEqual(['tell', 'start-watch']);
    expect(told(moves)[0]).toMatchObject({
      urgency: 'alarmed',
      text: expect.stringMatching(/Users are in again, but smoke-test failed: it broke.*`rollbackd resume`/),
    });
    expect(standingOf(state).stoppedByRun).toBe(false);
    expect(judgedFrom(state)).toBe(begin);
    const watched = must(heard(state, moves), { kind: 'watch.started', run: 'run-1', until: begin + minute });
    expect(movesAt(watched, begin, quiet)).toEqual([]);
  });

  it('that is done, with something found once users were in, is an alarm with what was found, and is watched', () => {
    const done = { ...failed, outcome: 'succeeded' } as EventBody;
    const actions = ['check-disk', 'restore-database', 'enable-traffic', 'smoke-test'] as const;
    const steps = plan.steps.map((each, index) => ({ ...each, action: actions[index] ?? each.action }));
    const state = must(
      'incident' in of ? must(emptyState('approve'), ...opened(incident, page)) : emptyState('approve'),
      { kind: 'run.started', run: 'run-1', ...of, plan: { ...plan, steps }, authority: person },
      ...step('check-disk', 'succeeded'),
      ...late.slice(0, -1),
      done,
    );
    const moves = movesAt(state, begin, quiet);
    expect(kinds(moves)).toEqual(['tell', 'start-watch']);
    expect(told(moves)[0]).toMatchObject({
      urgency: 'alarmed',
      text: 'Users are in again, and run-1 is done. Look at what was found afterwards:\nsmoke-test: it broke',
    });
  });

  it('may be resumed while it is watched, fail again and be told again, or succeed', () => {
    const first = rollback(of, ...late);
    const watched = must(heard(first, movesAt(first, begin, quiet)), {
      kind: 'watch.started',
      run: 'run-1',
      until: begin + minute,
    });
    const resumed = must(watched, { kind: 'run.resumed', run: 'run-1', person: 'Sari' });
    expect(movesAt(resumed, begin, quiet)).toEqual([]);
    const again = fold(resumed, journalled(resumed, failed, begin + 1));
    expect(told(movesAt(again, begin + 1, quiet)).map(({ urgency }) => urgency)).toEqual(['alarmed']);
    const attempt = { run: 'run-1', step: 'smoke-test', attempt: 2 };
    const done = must(
      resumed,
      { kind: 'step.started', ...attempt },
      { kind: 'step.succeeded', ...attempt, tookMs: 1, evidence: {} },
      ...step('check-disk', 'succeeded'),
      { ...failed, outcome: 'succeeded' } as EventBody,
    );
    expect(told(movesAt(done, begin, quiet)).map(({ urgency }) => urgency)).toEqual(['told']);
    expect(done.watch).toBeDefined();
  });

  it('that fails while it lets users in says that they may be in', () => {
    const state = rollback(of, ...step('enable-traffic', 'failed'), failed);
    const [first] = told(movesAt(state, begin, quiet));
    expect(first?.text).toMatch(/enable-traffic was begun and has not succeeded: traffic may be on/);
    expect(standingOf(state).stoppedByRun).toBe(true);
  });

  it('that fails before that says that the application is stopped, and what users get, as it was asked', () => {
    const state = rollback(of, ...step('restore', 'failed'), { ...failed, usersGet: 'the maintenance answer' });
    const [first] = told(movesAt(state, begin, quiet));
    expect(first?.text).toMatch(/The application is stopped; users get the maintenance answer now/);
    expect(standingOf(state).stoppedByRun).toBe(true);
  });

  it('that has failed is told again every ten minutes', () => {
    const state = rollback(of, ...step('restore', 'failed'), failed);
    const reminded = heard(state, movesAt(state, begin, quiet));
    expect(movesAt(reminded, begin + 10 * minute - 1, quiet)).toEqual([]);
    expect(movesAt(reminded, begin + 10 * minute, quiet)).toMatchObject([{ kind: 'tell', urgency: 'alarmed' }]);
  });

  it('that fails in its preparation has stopped nothing: it is said, and what is seen counts as before', () => {
    const state = rollback(of, ...step('check-disk', 'failed'), failed);
    const [first] = told(movesAt(state, begin, page));
    expect(first?.text).toMatch(/had not touched the application\./);
    expect(standingOf(state).stoppedByRun).toBe(false);
  });
});

it('a rollback whose stop was put back says so, and its incident is decided anew', () => {
  const stopped = [{ ...stepOf(), id: 'stop', phase: 'stop' as const }, ...plan.steps];
  const state = must(
    emptyState('approve'),
    ...opened(incident, page),
    { kind: 'run.started', run: 'run-1', incident, plan: { ...plan, steps: stopped }, authority: person },
    ...step('stop', 'failed'),
    { kind: 'run.put-back', run: 'run-1' },
    { ...failed, usersGet: 'status 200' } as EventBody,
  );
  expect(state.incidents.get(incident)?.status).toBe('open');
  const [first] = told(movesAt(state, begin, page));
  expect(first?.text).toMatch(/What it had stopped was put back as it was before; users get status 200 now/);
  expect(standingOf(state).stoppedByRun).toBe(false);
});

it.each([
  ['it has stopped nothing', step('check-disk', 'failed'), /it has stopped nothing/],
  ['code is switched already', step('restore', 'failed'), /restore has begun: what it changes stays/],
])('a run puts nothing back where %s', (_where, steps, why) => {
  const state = rollback({}, ...steps);
  expect(permits(state, { kind: 'run.put-back', run: 'run-1' })).toMatch(why);
});

describe('the asking message', () => {
  it('says whose yes it takes, and of which revision by the command line', () => {
    const question = told(movesAt(asked, begin)).find(({ urgency }) => urgency === 'asked');
    expect(question?.text).toMatch(/^Needed: senior-engineer or on-call-lead\.$/m);
    expect(question?.text).toContain('`rollbackd approve incident-1 --revision 1`');
  });
});

describe('what was told about a run', () => {
  it('is not told again when a thousand messages have come since', () => {
    const failedRun = rollback({}, ...step('restore', 'failed'), failed);
    const first = movesAt(failedRun, begin, quiet);
    expect(kinds(first)).toEqual(['tell']);
    const others = Array.from({ length: 1_001 }, (_, index): EventBody => {
      return { kind: 'message.queued', message: `daemon/other-${index}`, subject: 's', text: 't', urgency: 'told' };
    });
    const later = must(heard(failedRun, first), ...others);
    expect(movesAt(later, begin, quiet)).toEqual([]);
  });
});

describe('a rollback that came to nothing in its preparation', () => {
  const began = rollback({ incident }, ...step('check-disk', 'failed'), failed);

  it('leaves its incident open, so that people are asked anew', () => {
    expect(began.incidents.get(incident)?.status).toBe('open');
    expect(kinds(movesAt(began, begin))).toContain('request-approval');
  });

  it('asks about another plan under a new revision, so that the number names what was read', () => {
    const again = must(asked, answered('approved'), {
      kind: 'run.started',
      run: 'run-1',
      incident,
      plan,
      authority: { by: 'approval', people: ['Sari'] },
    });
    const nothing = must(again, ...step('check-disk', 'failed'), failed);
    expect(kinds(movesAt(nothing, begin))).toContain('request-approval');
    const other = nextMoves(nothing, { decision: page, now: begin, planHash: 'plan-2' });
    expect(other.filter(({ kind }) => kind !== 'tell')).toEqual([
      expect.objectContaining({ kind: 'record-decision', revision: 2 }),
    ]);
  });

  it('leaves it able to heal and to contain', () => {
    expect(kinds(movesAt(began, begin, quiet))).toContain('withdraw');
    const leak = decisionTo('contain', {
      next: 'page',
      criterion: 'cross-tenant-leak',
      verdicts: verdictsIn('breach', 'clear'),
    });
    const [revised] = movesAt(began, begin, leak).filter(({ kind }) => kind === 'record-decision');
    const decided = must(began, ...(revised?.kind === 'record-decision' ? eventsOf(revised, '') : []));
    expect(kinds(movesAt(decided, begin, leak))).toContain('contain');
  });
});

describe('a leak that people approved to roll back', () => {
  const leak = decisionTo('page', { criterion: 'cross-tenant-leak', verdicts: verdictsIn('breach', 'clear') });
  const bound = { ...subject, evidenceHash: evidenceHash(leak) };
  const approved = must(
    emptyState('approve'),
    ...opened(incident, leak),
    { kind: 'approval.requested', ...bound, quorum: quorumFor('critical') },
    { ...answered('approved'), ...bound } as EventBody,
  );
  const contain: EventBody = {
    kind: 'run.started',
    run: 'run-1',
    incident,
    plan: { ...planOf('containment', 'other'), steps: [] },
    authority: { by: 'approval', people: ['Sari'] },
  };

  it('is contained first, on the same word, and then rolled back', () => {
    expect(movesAt(approved, begin, leak)).toMatchObject([
      { kind: 'contain', authority: { by: 'approval', people: ['Sari'] } },
    ]);
    const contained = must(approved, contain, {
      kind: 'run.finished',
      run: 'run-1',
      outcome: 'succeeded',
      reason: 'r',
    });
    expect(kinds(movesAt(contained, begin, leak))).toEqual(['start-rollback']);
  });

  it('is rolled back even where the containment failed', () => {
    const failedToContain = must(approved, contain, {
      kind: 'run.finished',
      run: 'run-1',
      outcome: 'failed',
      reason: 'r',
    });
    expect(kinds(movesAt(failedToContain, begin, leak))).toEqual(['start-rollback']);
  });
});

describe('a release that was cut off half-way', () => {
  const contained = must(
    emptyState('approve'),
    armed,
    ...opened(incident, decisionTo('contain', { next: 'page' })),
    {
      kind: 'run.started',
      run: 'run-1',
      incident,
      plan: { ...planOf('containment'), steps: [] },
      authority: { by: 'daemon' },
    },
    { kind: 'run.finished', run: 'run-1', outcome: 'succeeded', reason: 'r' },
  );
  const half = must(contained, { kind: 'containment.releasing', incident, person: 'Sari' });

  it('counts as neither stopped nor serving, and is told after a while', () => {
    expect(half.incidents.get(incident)?.containment).toMatchObject({ state: 'failed', releasingBy: 'Sari' });
    const saying = (state: DaemonState, now: number) =>
      told(movesAt(state, now)).filter(({ subject: said }) => said.includes('half released'));
    expect(saying(half, begin + 3 * minute - 1)).toEqual([]);
    const first = saying(half, begin + 3 * minute);
    expect(first).toMatchObject([{ urgency: 'alarmed', text: expect.stringMatching(/may be serving/) }]);
    const said = heard(half, first, begin + 3 * minute);
    const snoozed = must(said, { kind: 'incident.snoozed', incident, person: 'Budi', until: begin + 60 * minute });
    expect(saying(snoozed, begin + 6 * minute - 1)).toEqual([]);
    expect(saying(snoozed, begin + 6 * minute)).toHaveLength(1);
  });

  it('can be given again', () => {
    const released = must(half, { kind: 'containment.released', incident, person: 'Sari', reason: 'mended' });
    expect(released.incidents.get(incident)?.containment).toMatchObject({ state: 'released' });
  });
});

describe('a rollback of a person without an incident', () => {
  it('that failed is told of no more once somebody has acknowledged it', () => {
    const state = rollback({}, ...step('restore', 'failed'), failed);
    const acknowledged = must(state, { kind: 'run.acknowledged', run: 'run-1', person: 'Budi' });
    expect(movesAt(acknowledged, begin, quiet)).toEqual([]);
  });

  it('is watched once, and told of no more after that', () => {
    const watched = must(rollback({}, ...late), { kind: 'watch.started', run: 'run-1', until: begin + minute });
    expect(kinds(movesAt(watched, begin, quiet))).toEqual(['tell']);
    const over = must(watched, { kind: 'watch.closed', run: 'run-1', summary: {} });
    expect(movesAt(over, begin + minute, quiet)).toEqual([]);
  });

  it('is another matter than one whose incident a person has closed', () => {
    const closed: EventBody = { kind: 'incident.closed', incident, outcome: 'resolved-by-person', reason: 'mended' };
    expect(movesAt(must(rollback({ incident }, ...late), closed), begin, quiet)).toEqual([]);
  });

  it('is no incident’s that is opened after it', () => {
    const state = must(rollback({}, ...step('check-disk', 'failed'), failed), ...opened(incident, page));
    expect(told(movesAt(state, begin)).map(({ subject: said }) => said)).toEqual([
      'incident-1: unavailable (critical)',
    ]);
  });
});

describe('a rollback that failed in an incident', () => {
  it('is told again with how long ago that was', () => {
    const state = rollback({ incident }, ...step('restore', 'failed'), failed);
    const reminded = heard(state, movesAt(state, begin, quiet));
    const [again] = told(movesAt(reminded, begin + 10 * minute, quiet));
    expect(again?.text).toMatch(/It failed 10m ago\.$/);
  });
});

describe('what a person may do of a run that was interrupted', () => {
  it.each([
    ['rollback', /takes it up; or finish by hand/],
    ['containment', /takes it up\.$/],
  ] as const)('is said of a %s', (kind, text) => {
    const leak = decisionTo('page', { verdicts: verdictsIn('breach', 'clear') });
    const cut = must(
      emptyState('approve'),
      ...opened(incident, leak),
      { kind: 'run.started', run: 'run-1', incident, plan: planOf(kind), authority: person },
      { kind: 'run.interrupted', run: 'run-1', reason: 'r' },
    );
    expect(movesAt(cut, begin + minute - 1)).toEqual([]);
    expect(told(movesAt(cut, begin + minute))).toMatchObject([{ text: expect.stringMatching(text) }]);
  });
});

describe('an incident whose leak was to be contained', () => {
  const contain = decisionTo('contain', { next: 'rollback', verdicts: verdictsIn('breach', 'clear') });
  const ended = (outcome: 'succeeded' | 'failed') =>
    must(
      emptyState('approve'),
      armed,
      ...opened(incident, contain),
      {
        kind: 'run.started',
        run: 'run-1',
        incident,
        plan: { ...planOf('containment'), steps: [] },
        authority: { by: 'daemon' },
      },
      { kind: 'run.finished', run: 'run-1', outcome, reason: 'r' },
    );
  const acts = (state: DaemonState, decision: typeof page) =>
    kinds(movesAt(state, begin, decision)).filter((kind) => kind !== 'tell');

  it('is rolled back alone only once it is contained, and is not contained a second time', () => {
    const rollBack = { ...contain, action: 'rollback', next: undefined } as const;
    expect(acts(ended('succeeded'), rollBack)).toEqual(['start-rollback']);
    expect(acts(ended('failed'), rollBack)).toEqual([]);
    expect(acts(ended('failed'), contain)).toEqual([]);
  });

  it('does not heal while it is contained, and does once it is released', () => {
    expect(acts(ended('succeeded'), quiet)).toEqual([]);
    const released = must(ended('succeeded'), { kind: 'containment.released', incident, person: 'Sari', reason: 'r' });
    expect(acts(released, quiet)).toEqual(['withdraw']);
  });
});

describe('what people approved', () => {
  it('is not begun under another plan: it is decided anew', () => {
    const approved = must(asked, answered('approved'));
    const moves = nextMoves(approved, { decision: page, now: begin, planHash: 'plan-2' });
    expect(moves).toMatchObject([{ kind: 'record-decision', revision: 2, why: { news: 'plan' } }]);
  });
});

describe('people are reminded', () => {
  it('that what they approved has not begun, every two minutes, before it is tried again', () => {
    const approved = must(asked, answered('approved'));
    expect(kinds(movesAt(approved, begin + minute))).toEqual(['start-rollback']);
    const moves = movesAt(approved, begin + 2 * minute);
    expect(kinds(moves)).toEqual(['tell', 'start-rollback']);
    expect(told(moves)[0]).toMatchObject({
      urgency: 'alarmed',
      text: expect.stringMatching(/Approved by Sari, but it has not begun for 2m/),
    });
    const reminded = heard(approved, moves, begin + 2 * minute);
    expect(kinds(movesAt(reminded, begin + 3 * minute))).toEqual(['start-rollback']);
    expect(kinds(movesAt(reminded, begin + 4 * minute))).toEqual(['tell', 'start-rollback']);
  });

  it('of a pause that holds back what they approved, but not of the wait that the pause was', () => {
    const until = begin + 60 * minute;
    const paused = must(asked, answered('approved'), { kind: 'acting.paused', person: 'Budi', reason: 'r', until });
    const first = movesAt(paused, begin);
    expect(kinds(first)).toEqual(['tell']);
    expect(movesAt(heard(paused, first), begin + 9 * minute)).toEqual([]);
    expect(kinds(movesAt(heard(paused, first), begin + 10 * minute))).toEqual(['tell']);
    expect(kinds(movesAt(paused, until))).toEqual(['start-rollback']);
    const unpaused = fold(paused, journalled(paused, { kind: 'acting.unpaused', person: 'Budi' }, begin + 30 * minute));
    expect(kinds(movesAt(unpaused, begin + 30 * minute))).toEqual(['start-rollback']);
  });

  it('of a containment that stands or failed, although a person has said no', () => {
    const contain = decisionTo('contain', { next: 'page' });
    const run = { run: 'run-1', incident, plan: { ...planOf('containment'), steps: [] }, authority: { by: 'daemon' } };
    const contained = (outcome: 'succeeded' | 'failed') =>
      must(
        must(emptyState('approve'), armed, ...opened(incident, contain)),
        { kind: 'run.started', ...run } as EventBody,
        { kind: 'run.finished', run: 'run-1', outcome, reason: 'r' },
        { kind: 'approval.requested', ...subject, evidenceHash: evidenceHash(contain), quorum: quorumFor('critical') },
        { ...answered('rejected'), evidenceHash: evidenceHash(contain) } as EventBody,
      );
    for (const [outcome, every] of [
      ['succeeded', 30 * minute],
      ['failed', 10 * minute],
    ] as const) {
      let state = contained(outcome);
      state = heard(state, movesAt(state, begin, contain));
      expect(movesAt(state, begin + every - 1, contain)).toEqual([]);
      const [reminder] = told(movesAt(state, begin + every, contain));
      expect(reminder).toMatchObject({ urgency: 'alarmed', subject: expect.stringMatching(/contain/) });
    }
  });

  it.each([
    ['failed', /may still be leaking: stop it by hand/],
    ['succeeded', /Nothing of the application answers or writes now\. Put right what failed, then resume run-1/],
  ] as const)(
    'of a failed containment whose fence %s, without calling a leak that has ended one that goes on',
    (fence, text) => {
      const contain = decisionTo('contain', { next: 'page' });
      const fenced = { ...stepOf(), id: 'prove-fence' };
      const run = {
        run: 'run-1',
        incident,
        plan: { ...planOf('containment'), steps: [fenced] },
        authority: { by: 'daemon' },
      };
      const state = must(
        must(emptyState('approve'), armed, ...opened(incident, contain)),
        { kind: 'run.started', ...run } as EventBody,
        ...step('prove-fence', fence),
        { kind: 'run.finished', run: 'run-1', outcome: 'failed', reason: 'stop-application: not for good' },
      );
      const about = told(movesAt(state, begin, contain)).find(({ subject: of }) => of.endsWith('containment failed'));
      expect(about?.text).toMatch(text);
    },
  );

  it('of a run that was interrupted and waits, every ten minutes', () => {
    const cut = must(rollback({}), { kind: 'daemon.started', version: '0', configHash: 'c', pid: 2 });
    expect(movesAt(cut, begin)).toEqual([]);
    const first = movesAt(cut, begin + minute);
    expect(told(first)).toMatchObject([
      {
        urgency: 'alarmed',
        text: expect.stringMatching(/run-1 .* was interrupted and waits: `rollbackd resume` takes it up/),
      },
    ]);
    const state = heard(cut, first);
    expect(movesAt(state, begin + 9 * minute)).toEqual([]);
    expect(kinds(movesAt(state, begin + 10 * minute))).toEqual(['tell']);
    const resumed = must(state, { kind: 'run.resumed', run: 'run-1' });
    expect(movesAt(resumed, begin + 20 * minute)).toEqual([]);
  });
});

describe('an arming that has run out', () => {
  const until = begin + 10 * minute;
  const start = must(emptyState('observe'), { ...armed, until } as EventBody);

  it('is not in force from that very moment', () => {
    expect(modeInForce(start, until - 1)).toBe('armed');
    expect(modeInForce(start, until)).toBe('observe');
    const disarmed = must(start, { kind: 'mode.changed', mode: 'approve', person: 'Sari', reason: 'r' });
    expect(modeInForce(must(disarmed, { ...armed, until } as EventBody), until)).toBe('approve');
  });

  it('is taken back in the journal and told once, before anything else', () => {
    expect(movesAt(start, until - 1, quiet)).toEqual([]);
    const moves = movesAt(start, until, page);
    expect(kinds(moves)).toEqual(['end-arming', 'tell']);
    expect(told(moves)[0]).toMatchObject({
      urgency: 'alarmed',
      subject: expect.stringMatching(/^no longer armed since/),
    });
    const bodies = moves.flatMap((move) =>
      move.kind === 'end-arming' || move.kind === 'tell' ? eventsOf(move, '') : [],
    );
    const after = must(start, ...bodies);
    expect(after).toMatchObject({ mode: 'observe', armed: undefined });
    expect(movesAt(after, until, quiet)).toEqual([]);
  });
});
