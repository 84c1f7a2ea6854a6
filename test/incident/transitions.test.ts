import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { fold } from '../../src/incident/fold.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Authority, EventBody } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { armed, begin, decisionTo, journalled, must, opened, planOf } from './histories.ts';

const incident = 'incident-1';
const page = decisionTo('page');
const contain = decisionTo('contain', { next: 'rollback' });
const leakToContain = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear') });
const subject = { incident, revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };
const asked: EventBody = { kind: 'approval.requested', ...subject, quorum: quorumFor('critical') };
const answer = (answered: 'approved' | 'rejected', over: object = {}): EventBody => ({
  kind: 'approval.answered',
  ...subject,
  answer: answered,
  person: 'Sari',
  role: 'on-call-lead',
  via: 'cli',
  ...over,
});

const person: Authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' };
const start = (authority: Authority, kind: Plan['kind'] = 'rollback', run = 'run-1'): EventBody => {
  return { kind: 'run.started', run, incident, plan: { ...planOf(kind), steps: [] }, authority };
};
const mergingPlan: Plan = {
  ...planOf('rollback'),
  steps: planOf('rollback').steps.map((step) => ({ ...step, action: 'merge-collections', phase: 'restore' })),
};
const finish = (outcome: 'succeeded' | 'failed', run = 'run-1'): EventBody => ({
  kind: 'run.finished',
  run,
  outcome,
  reason: 'r',
});
const release: EventBody = { kind: 'containment.released', incident, person: 'Sari', reason: 'r' };
const closing = (outcome: 'rolled-back' | 'rejected' | 'resolved-by-person'): EventBody => {
  return { kind: 'incident.closed', incident, outcome, reason: 'r' };
};

const open = must(emptyState('approve'), armed, ...opened(incident, page));
const awaiting = must(open, asked);
const approved = must(awaiting, answer('approved'));
const rejected = must(awaiting, answer('rejected'));
const toContain = must(emptyState('approve'), armed, ...opened(incident, contain));
const containing = must(toContain, start({ by: 'daemon' }, 'containment'));
const contained = must(containing, finish('succeeded'));
const rollingBack = must(open, start(person));
const watching = must(rollingBack, finish('succeeded'), { kind: 'watch.started', run: 'run-1', until: 1 });
const alone = must(emptyState('approve'), armed, ...opened(incident, decisionTo('rollback')));

const lone: EventBody = {
  kind: 'run.started',
  run: 'run-0',
  plan: { ...planOf('rollback'), steps: [] },
  authority: person,
};
/** A person’s rollback without an incident is being watched when there is trouble. */
const watched = (decision: typeof page): DaemonState =>
  must(
    emptyState('approve'),
    lone,
    finish('succeeded', 'run-0'),
    { kind: 'watch.started', run: 'run-0', until: 1 },
    armed,
    ...opened(incident, decision),
  );
const underWay = must(open, { ...start(person), plan: planOf('rollback') } as EventBody);
const stopsFirst: Plan = {
  ...planOf('rollback'),
  steps: planOf('rollback').steps.map((step) => (step.id === 'first' ? { ...step, phase: 'stop' } : step)),
};
const interruption: EventBody = { kind: 'run.interrupted', run: 'run-1', reason: 'r' };
const interrupted = must(underWay, interruption);
const acknowledge: EventBody = { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' };
const resume: EventBody = { kind: 'run.resumed', run: 'run-1', person: 'Sari' };
const replacing: EventBody = { ...lone, run: 'run-2' } as EventBody;
const begun: EventBody = { kind: 'step.started', run: 'run-1', step: 'first', attempt: 1 };
const cleared: EventBody = { kind: 'incident.cleared', incident };
const withdrawn: EventBody = { kind: 'incident.withdrawn', incident, reason: 'r' };
const boundToLeak = { evidenceHash: evidenceHash(leakToContain) };
const askedOfLeak = must(emptyState('approve'), armed, ...opened(incident, leakToContain), {
  ...asked,
  ...boundToLeak,
} as EventBody);
const approvedForLeak = must(askedOfLeak, answer('approved', boundToLeak));

const refused: readonly [string, DaemonState, EventBody, RegExp][] = [
  [
    'armed by a change of mode',
    open,
    { kind: 'mode.changed', mode: 'armed', person: 'Sari', reason: 'r' },
    /only a named person arms/,
  ],
  ['a second incident', open, { ...opened('incident-2', page)[0] } as EventBody, /one incident at a time/],
  [
    'a revision out of order',
    open,
    { kind: 'incident.decided', incident, revision: 3, evidenceHash: '', decision: page },
    /next revision is 2/,
  ],
  [
    'evidence that is not the decision’s',
    open,
    { kind: 'incident.decided', incident, revision: 2, evidenceHash: 'x', decision: page },
    /not that of the decision/,
  ],
  [
    'a decision in the middle of a run',
    rollingBack,
    { kind: 'incident.decided', incident, revision: 2, evidenceHash: evidenceHash(page), decision: page },
    /while rolling-back/,
  ],
  ['a question about other evidence', open, { ...asked, evidenceHash: 'x' } as EventBody, /not what was decided on/],
  ['an answer that nobody asked for', open, answer('approved'), /nobody is asked/],
  ['an answer to an earlier plan', awaiting, answer('approved', { planHash: 'plan-0' }), /earlier question/],
  ['an answer to an earlier revision', awaiting, answer('approved', { revision: 0 }), /earlier question/],
  ['an answer without a say', awaiting, answer('approved', { role: 'product-owner' }), /product-owner has no say/],
  ['an answer after the decision', approved, answer('rejected', { person: 'Budi' }), /the incident is approved/],
  [
    'a withdrawal of a contained incident',
    contained,
    { kind: 'incident.withdrawn', incident, reason: 'r' },
    /a person releases it first/,
  ],
  ['closing a contained incident', contained, closing('resolved-by-person'), /a person releases it first/],
  ['closing as rolled back what is not', open, closing('rolled-back'), /not rolled back and watched/],
  ['closing before the watch has ended', watching, closing('rolled-back'), /its watch has not ended/],
  ['closing as rejected what nobody rejected', open, closing('rejected'), /nobody has rejected it/],
  ['a release of what is not contained', open, release, /nothing to release/],
  ['a release in the middle of a run', containing, release, /a run is under way/],
  ['two runs at once', rollingBack, start(person, 'rollback', 'run-2'), /one run at a time/],
  [
    'a run of the daemon without an incident',
    open,
    { kind: 'run.started', run: 'run-1', plan: planOf('rollback'), authority: { by: 'daemon' } },
    /only a person/,
  ],
  ['a rollback alone where the decision is to ask', open, start({ by: 'daemon' }), /does not call for a rollback/],
  ['a rollback alone before containment', toContain, start({ by: 'daemon' }), /containment comes first/],
  [
    'a rollback alone where nobody has armed',
    must(alone, { kind: 'mode.changed', mode: 'approve', person: 'Sari', reason: 'r' }),
    start({ by: 'daemon' }),
    /only an armed daemon/,
  ],
  [
    'a rollback alone that writes into the unified database',
    must(alone, { ...armed, cutoverAt: begin - 1 } as EventBody),
    { ...start({ by: 'daemon' }), plan: mergingPlan } as EventBody,
    /writes into the unified database: only a person starts it/,
  ],
  ['a rollback alone over a no', rejected, start({ by: 'daemon' }), /while rejected/],
  ['a rollback that is not approved', awaiting, start({ by: 'approval', people: ['Sari'] }), /it is awaiting-approval/],
  ['a rollback approved by others', approved, start({ by: 'approval', people: ['Budi'] }), /not those who approved/],
  [
    'a rollback of another plan',
    approved,
    { ...start({ by: 'approval', people: ['Sari'] }), plan: planOf('rollback', 'plan-2') } as EventBody,
    /not the one that was approved/,
  ],
  [
    'a containment that nobody decided on',
    open,
    start({ by: 'daemon' }, 'containment'),
    /does not call for containment/,
  ],
  [
    'a containment after its release',
    must(contained, release),
    start({ by: 'daemon' }, 'containment', 'run-2'),
    /containment is released/,
  ],
  ['a run after the rollback', watching, start(person, 'rollback', 'run-2'), /a rollback has been done/],
  [
    'a failed run that goes on by itself',
    must(rollingBack, finish('failed')),
    { kind: 'run.resumed', run: 'run-1' },
    /resumed by a person/,
  ],
  [
    'an acknowledgement of a run that has not ended',
    rollingBack,
    { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' },
    /has not ended/,
  ],
  [
    'a watch of a run that has not succeeded',
    rollingBack,
    { kind: 'watch.started', run: 'run-1', until: 1 },
    /only a rollback that has ended and let users in/,
  ],
  [
    'opening an incident anew',
    must(rejected, closing('rejected')),
    opened(incident, page)[0] as EventBody,
    /there has been/,
  ],
  ['that it is clear, twice', must(open, cleared), cleared, /known to be clear/],
  ['that it is clear in the middle of a run', rollingBack, cleared, /nothing heals by itself while rolling-back/],
  ['a return of what was not clear', open, { kind: 'incident.returned', incident }, /it was not clear/],
  ['a withdrawal of what was rejected', rejected, withdrawn, /cannot be withdrawn while rejected/],
  ['closing in the middle of its run', rollingBack, closing('resolved-by-person'), /its run is under way/],
  ['a question that has been asked', awaiting, asked, /nobody is asked while awaiting-approval/],
  ['a question in the middle of a run', must(open, lone), asked, /a run is under way/],
  ['a question about another revision', open, { ...asked, revision: 2 } as EventBody, /the revision is 1, not 2/],
  ['a second run of the same name', must(rollingBack, finish('failed')), start(person), /there has been a run run-1/],
  ['a run for a closed incident', must(open, closing('resolved-by-person')), start(person), /is not open/],
  ['a containment by a person where nothing leaks', open, start(person, 'containment'), /no leak to contain/],
  [
    'a containment on a yes to something else',
    approved,
    start({ by: 'approval', people: ['Sari'] }, 'containment'),
    /no leak to contain/,
  ],
  [
    'a containment by a daemon that only observes',
    must(toContain, { kind: 'mode.changed', mode: 'observe', person: 'Sari', reason: 'r' }),
    start({ by: 'daemon' }, 'containment'),
    /touches nothing/,
  ],
  ['a containment during a watch', watched(contain), start({ by: 'daemon' }, 'containment'), /run-0 is being watched/],
  ['a rollback alone during a watch', watched(decisionTo('rollback')), start({ by: 'daemon' }), /is being watched/],
  [
    'a containment alone of what people have approved',
    approvedForLeak,
    start({ by: 'daemon' }, 'containment'),
    /nothing is contained while approved/,
  ],
  ['what is said of a run that nobody knows', open, interruption, /there is no run run-1/],
  ['a step of a run that has ended', must(underWay, finish('failed')), begun, /the run is failed/],
  [
    'putting back what a run that was interrupted has stopped: the run goes on first',
    must(emptyState('approve'), { ...lone, plan: stopsFirst, run: 'run-1' } as EventBody, begun, interruption),
    { kind: 'run.put-back', run: 'run-1' },
    /the run is interrupted/,
  ],
  ['a second interruption of a run', interrupted, interruption, /the run is interrupted/],
  ['resuming what is under way', underWay, resume, /the run is under way/],
  ['resuming what has succeeded', watching, resume, /has succeeded/],
  ['resuming beside another run', must(rollingBack, finish('failed'), replacing), resume, /run-2 is under way/],
  [
    'resuming what a later run has replaced',
    must(rollingBack, finish('failed'), replacing, finish('failed', 'run-2')),
    resume,
    /a later run has taken its place/,
  ],
  ['an interrupted run that succeeds', interrupted, finish('succeeded'), /the run is interrupted/],
  ['a run that ends twice', must(rollingBack, finish('failed')), finish('failed'), /the run is failed/],
  [
    'a second acknowledgement',
    must(rollingBack, finish('failed'), acknowledge),
    { ...acknowledge, person: 'Budi' } as EventBody,
    /Sari has acknowledged it already/,
  ],
  ['a first attempt that is the second', underWay, { ...begun, attempt: 2 } as EventBody, /the next attempt is 1/],
  [
    'the end of an attempt that has not begun',
    must(underWay, begun),
    { kind: 'step.succeeded', run: 'run-1', step: 'first', attempt: 2, tookMs: 1, evidence: {} },
    /attempt 2 of first is not under way/,
  ],
  [
    'a finding about a run that is watched no more',
    must(watched(page), replacing),
    { kind: 'watch.found', run: 'run-0', finding: 'slow' },
    /run-0 is not being watched/,
  ],
  [
    'a message queued twice',
    must(open, { kind: 'message.queued', message: 'm', subject: 's', text: 't', urgency: 'told' }),
    { kind: 'message.queued', message: 'm', subject: 's', text: 't', urgency: 'told' },
    /queued already/,
  ],
  [
    'a child that was never planned',
    open,
    { kind: 'child.started', tag: 't', pid: 1, startTime: '1' },
    /never planned/,
  ],
];

/** A person's rollback of a contained incident, that stopped what it was to stop and then failed. */
const failedOnceContained = must(
  contained,
  {
    ...start(person, 'rollback', 'run-2'),
    plan: { ...planOf('rollback'), steps: planOf('rollback').steps.map((of) => ({ ...of, phase: 'stop' })) },
  } as EventBody,
  { ...begun, run: 'run-2' } as EventBody,
  finish('failed', 'run-2'),
);

const permitted: readonly [string, DaemonState, EventBody][] = [
  ['a return of what was clear', must(open, cleared), { kind: 'incident.returned', incident }],
  ['a withdrawal once the containment is released', must(contained, release), withdrawn],
  ['closing as rejected what somebody rejected', rejected, closing('rejected')],
  ['closing a contained incident whose rollback failed', failedOnceContained, closing('resolved-by-person')],
  ['a person’s containment of a leak', askedOfLeak, start(person, 'containment')],
  [
    'a person’s second containment of a leak, once the first is released',
    must(askedOfLeak, start(person, 'containment'), finish('succeeded'), release),
    start(person, 'containment', 'run-2'),
  ],
  [
    'a containment of a leak on the yes to its rollback, which is another plan',
    approvedForLeak,
    { ...start({ by: 'approval', people: ['Sari'] }), plan: planOf('containment', 'plan-2') } as EventBody,
  ],
  [
    'a person’s rollback that writes into the unified database',
    open,
    { ...start(person), plan: mergingPlan } as EventBody,
  ],
  ['a rollback alone once the leak is contained', contained, start({ by: 'daemon' }, 'rollback', 'run-2')],
  [
    'a first rollback alone, armed for a cut-over',
    must(alone, { ...armed, cutoverAt: begin - 1 } as EventBody),
    start({ by: 'daemon' }),
  ],
  ['an interruption of what is under way', underWay, interruption],
  ['giving up a run that was interrupted', interrupted, finish('failed')],
  ['going on with a run that was interrupted', interrupted, { kind: 'run.resumed', run: 'run-1' }],
  ['a finding about the run that is watched', watching, { kind: 'watch.found', run: 'run-1', finding: 'slow' }],
];

describe('what a state permits', () => {
  it.each(permitted)('%s', (_title, state, body) => {
    expect(permits(state, body)).toBeUndefined();
  });

  it('a rollback for those who approved, all of them and nobody else', () => {
    const quorum = quorumFor('moderate');
    const twoAsked = must(open, { ...asked, quorum } as EventBody, answer('approved', { role: 'engineering-manager' }));
    const both = must(twoAsked, answer('approved', { person: 'Budi', role: 'product-owner' }));
    const by = (...people: string[]) => permits(both, start({ by: 'approval', people }));
    expect(by('Budi', 'Sari')).toBeUndefined();
    for (const people of [['Sari'], ['Sari', 'Putu'], ['Sari', 'Budi', 'Putu']]) {
      expect(by(...people)).toBe('the named people are not those who approved');
    }
  });
});

describe('what a state refuses', () => {
  it.each(refused)('%s', (_title, state, body, why) => {
    expect(permits(state, body)).toMatch(why);
  });

  it('a rollback alone in an incident in which a person has said no, and a containment only for what was rejected', () => {
    const decided = (decision: typeof page): EventBody => {
      return { kind: 'incident.decided', incident, revision: 2, evidenceHash: evidenceHash(decision), decision };
    };
    const leaksNow = must(rejected, decided(contain));
    expect(permits(leaksNow, start({ by: 'daemon' }, 'containment'))).toBeUndefined();
    const bound = { revision: 2, evidenceHash: evidenceHash(leakToContain) };
    const leakRejected = must(
      open,
      decided(leakToContain),
      { ...asked, ...bound } as EventBody,
      answer('rejected', bound),
      { ...decided(leakToContain), revision: 3 } as EventBody,
    );
    const leaksAgain = leakRejected;
    expect(permits(leaksAgain, start({ by: 'daemon' }, 'containment'))).toMatch(/a person has rejected/);
    const tryAgain = must(rejected, decided(decisionTo('rollback')));
    expect(permits(tryAgain, start({ by: 'daemon' }))).toMatch(/a person has rejected/);
  });

  it('a second automatic rollback until somebody has acknowledged the first, and there is another migration', () => {
    const begun: EventBody = {
      kind: 'run.started',
      run: 'run-1',
      incident,
      plan: { ...planOf('rollback'), steps: planOf('rollback').steps.map((of) => ({ ...of, phase: 'stop' })) },
      authority: { by: 'daemon' },
    };
    const step: EventBody = { kind: 'step.started', run: 'run-1', step: 'first', attempt: 1 };
    const stepFailed = { run: 'run-1', step: 'first', attempt: 1, tookMs: 1, reason: 'r', message: 'm' };
    const first = must(
      alone,
      begun,
      step,
      { kind: 'step.failed', ...stepFailed },
      finish('failed'),
      closing('resolved-by-person'),
    );
    const [reopened, decided] = opened('incident-2', decisionTo('rollback'));
    if (!reopened || !decided) throw new Error('no events');
    const again = must(first, reopened, decided);
    const second: EventBody = { ...start({ by: 'daemon' }, 'rollback', 'run-2'), incident: 'incident-2' } as EventBody;
    expect(permits(again, second)).toMatch(/nobody has acknowledged it/);
    const acknowledged = must(again, { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' });
    expect(permits(acknowledged, second)).toMatch(/run-1 was settled by people/);
    const armedLater = { ...armed, cutoverAt: begin + 1 } as EventBody;
    expect(permits(must(acknowledged, armedLater), second)).toMatch(/run-1 was settled by people/);
    expect(permits(fold(acknowledged, journalled(acknowledged, armedLater, begin + 1)), second)).toBeUndefined();
  });

  it('going on with a run whose matter people have settled: users may be back by their hands', () => {
    const resumed: EventBody = { kind: 'run.resumed', run: 'run-1', person: 'Sari' };
    const failed = must(rollingBack, finish('failed'));
    expect(permits(failed, resumed)).toBeUndefined();
    expect(permits(must(failed, closing('resolved-by-person')), resumed)).toMatch(/incident-1 is closed/);
    const run: EventBody = { kind: 'run.started', run: 'run-1', plan: planOf('rollback'), authority: person };
    const lone = must(emptyState('approve'), run, finish('failed'));
    expect(permits(lone, resumed)).toBeUndefined();
    const acknowledged = must(lone, { kind: 'run.acknowledged', run: 'run-1', person: 'Budi' });
    expect(permits(acknowledged, resumed)).toMatch(/Budi has acknowledged that it failed/);
  });

  it('a rollback alone once users are back on the legacy databases, until there is another migration', () => {
    const first = must(alone, start(person), finish('succeeded'), closing('resolved-by-person'));
    const again = must(first, ...opened('incident-2', decisionTo('rollback')));
    const second: EventBody = { ...start({ by: 'daemon' }, 'rollback', 'run-2'), incident: 'incident-2' } as EventBody;
    const armedFor = (cutoverAt: number): EventBody => ({ ...armed, cutoverAt }) as EventBody;
    expect(permits(again, second)).toMatch(/users have been writing to the legacy databases since/);
    expect(permits(must(again, armedFor(begin)), second)).toMatch(/run-1 has rolled back already/);
    expect(permits(must(again, armedFor(begin + 1)), second)).toMatch(/run-1 has rolled back already/);
    const later = fold(again, journalled(again, armedFor(begin + 1), begin + 1));
    expect(permits(later, second)).toBeUndefined();
  });

  it('a rollback alone after one that failed in the middle of letting users in', () => {
    const run = { ...start(person), plan: planOf('rollback') } as EventBody;
    const begun: EventBody = { kind: 'step.started', run: 'run-1', step: 'enable-traffic', attempt: 1 };
    const first = must(alone, run, begun, finish('failed'), closing('resolved-by-person'));
    const again = must(first, ...opened('incident-2', decisionTo('rollback')));
    const second: EventBody = { ...start({ by: 'daemon' }, 'rollback', 'run-2'), incident: 'incident-2' } as EventBody;
    expect(permits(again, second)).toMatch(/run-1 has rolled back already/);
  });

  it('an end of a run with a step that has not succeeded', () => {
    const run = must(open, { ...start(person), plan: planOf('rollback') } as EventBody);
    expect(permits(run, finish('succeeded'))).toBe('step first has not succeeded');
    const step = { run: 'run-1', step: 'first', attempt: 1 } as const;
    expect(permits(run, { kind: 'step.succeeded', ...step, tookMs: 1, evidence: {} })).toMatch(/is not under way/);
    const begun = must(run, { kind: 'step.started', ...step });
    expect(permits(begun, { kind: 'step.started', ...step, attempt: 2 })).toBe('step first is under way');
    expect(permits(begun, { kind: 'step.started', ...step, step: 'third' })).toBe('the plan has no step third');
  });
});
