import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { foldAll } from '../../src/incident/fold.ts';
import { nextMoves } from '../../src/incident/next.ts';
import { answerOf } from '../../src/incident/quorum.ts';
import { usersBackAt } from '../../src/incident/users-back.ts';
import { type EventBody, eventBody } from '../../src/model/event.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, decisionTo, journalled, lived, must, opened, planOf, turns } from './histories.ts';

/** What must be so in every state that permitted events can lead to. */
function checkLegal(state: DaemonState): void {
  const open = [...state.incidents.values()].filter(({ status }) => status !== 'closed');
  expect(open.map(({ id }) => id)).toEqual(state.openIncident === undefined ? [] : [state.openIncident]);
  const running = [...state.runs.values()].filter(({ status }) => status === 'running' || status === 'interrupted');
  expect(running.length).toBeLessThanOrEqual(1);
  for (const run of state.runs.values()) {
    if (run.status === 'succeeded') {
      for (const { id } of run.plan.steps) expect(run.steps.get(id)?.at(-1)?.status).toBe('succeeded');
    }
    expect(run.endedAt === undefined).toBe(run.status === 'running' || run.status === 'interrupted');
  }
  for (const incident of open) {
    if (incident.status === 'awaiting-approval') {
      expect(answerOf(incident.approvals, incident.request, incident.request.quorum)).toBe('pending');
      expect(incident.request.revision).toBe(incident.frozen?.revision);
    }
    if (incident.status === 'rejected') expect(incident.rejectedFor).toContain(incident.criterion);
    if (incident.status === 'rolling-back') expect(running.map(({ run }) => run)).toEqual([incident.run]);
    if (incident.containment.state === 'begun') expect(running[0]?.plan.kind).toBe('containment');
  }
  const watched = state.watch && state.runs.get(state.watch.run);
  if (state.watch) expect(watched && usersBackAt(watched)).toBeDefined();
  for (const incident of open) {
    if (incident.status !== 'rollback-failed') continue;
    const run = state.runs.get(incident.run);
    expect(run && usersBackAt(run)).toBeUndefined();
  }
  if (state.mode === 'armed') expect(state.armed).toBeDefined();
}

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of value instanceof Map ? value.values() : Object.values(value)) freeze(member);
};

describe('the fold over the journal', () => {
  it('gives the same state for the same events, and changes no state that it has given', () => {
    fc.assert(
      fc.property(turns, (life) => {
        const { events, states } = lived(life);
        for (const state of states) freeze(state);
        expect(foldAll(emptyState('approve'), events)).toEqual(states.at(-1));
      }),
    );
  });

  it('reaches only legal states by permitted events', () => {
    fc.assert(
      fc.property(turns, (life) => {
        for (const state of lived(life).states) checkLegal(state);
      }),
      { numRuns: 200 },
    );
  });

  it('is put to the test in every status that an incident can be in', () => {
    const seen = new Set<string>();
    for (const life of fc.sample(turns, { numRuns: 500, seed: 1 })) {
      for (const state of lived(life).states) for (const { status } of state.incidents.values()) seen.add(status);
    }
    expect([...seen].sort()).toEqual([
      'approved',
      'awaiting-approval',
      'closed',
      'open',
      'rejected',
      'rollback-failed',
      'rolled-back',
      'rolling-back',
      'watching',
    ]);
  });

  it('starts an automatic rollback at most once without an acknowledgement', () => {
    fc.assert(
      fc.property(turns, (life) => {
        const state = lived(life).states.at(-1);
        const alone = [...(state?.runs.values() ?? [])].filter(
          ({ authority, plan, acknowledgedBy }) =>
            authority.by === 'daemon' && plan.kind === 'rollback' && acknowledgedBy === undefined,
        );
        expect(alone.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it('takes events that the journal could hold', () => {
    fc.assert(
      fc.property(turns, (life) => {
        for (const { body } of lived(life).events) expect(eventBody.parse(body)).toEqual(body);
      }),
    );
  });

  it('never throws over an event that does not fit', () => {
    fc.assert(
      fc.property(turns, turns, (one, other) => {
        const strange = lived(one).events;
        const state = foldAll(lived(other).states.at(-1) ?? emptyState(), strange);
        expect(state.lastSeq).toBe(strange.at(-1)?.seq ?? lived(other).states.at(-1)?.lastSeq);
      }),
    );
  });

  it('cuts off what was under way when the daemon starts again, and goes on with the next attempt', () => {
    const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
    const run = 'run-1';
    const cut = must(
      emptyState(),
      { kind: 'run.started', run, plan: planOf('rollback'), authority },
      { kind: 'step.started', run, step: 'first', attempt: 1 },
      { kind: 'child.planned', tag: 't', run, step: 'first', program: 'mongorestore', arguments: [] },
      { kind: 'daemon.started', version: '0', configHash: 'c', pid: 2 },
    );
    expect(cut.runs.get(run)).toMatchObject({ status: 'interrupted' });
    expect(cut.runs.get(run)?.steps.get('first')).toMatchObject([{ status: 'interrupted', attempt: 1 }]);
    expect([...cut.children.keys()]).toEqual(['t']);
    const resumed = must(
      cut,
      { kind: 'run.resumed', run },
      { kind: 'child.ended', tag: 't', outcome: 'ended-as-orphan' },
      { kind: 'step.started', run, step: 'first', attempt: 2 },
    );
    expect(resumed.runs.get(run)?.steps.get('first')).toMatchObject([
      { attempt: 1 },
      { attempt: 2, status: 'started' },
    ]);
    expect(resumed.children.size).toBe(0);
  });

  it('keeps the newest messages, though one channel has taken them: another may still have to', () => {
    const queued = (id: number) =>
      ({ kind: 'message.queued', message: `m-${id}`, subject: 's', text: 't', urgency: 'told' }) as const;
    let state = emptyState();
    for (let id = 1; id <= 1_100; id += 1) {
      state = must(state, queued(id), { kind: 'message.delivered', message: `m-${id}`, channel: 'log' });
    }
    expect([...state.messages.keys()]).toEqual(Array.from({ length: 1_000 }, (_, index) => `m-${index + 101}`));
    expect(state.messages.get('m-101')).toMatchObject({ deliveredTo: ['log'] });
  });

  it('remembers every tenant that was ever affected', () => {
    const first = must(emptyState(), ...opened('incident-1', decisionTo('page', { tenants: ['warung'] })));
    const decision = decisionTo('page', { tenants: ['kopi'] });
    const state = foldAll(first, [
      journalled(
        first,
        { kind: 'incident.decided', incident: 'incident-1', revision: 2, evidenceHash: '', decision },
        begin,
      ),
    ]);
    expect(state.incidents.get('incident-1')).toMatchObject({ tenants: ['warung', 'kopi'], frozen: { revision: 2 } });
  });

  it('says of a refused answer what it was and where it came from, as far as that is known', () => {
    const refused = { kind: 'approval.refused', incident: 'i', person: 'Budi', reason: 'too late' } as const;
    const state = must(
      emptyState(),
      ...opened('i', decisionTo('page')),
      { ...refused, answer: 'approved', via: 'slack', revision: 2 },
      { ...refused, answer: 'rejected', via: 'cli' },
      { ...refused, revision: 1 },
      refused,
    );
    expect(
      state.incidents
        .get('i')
        ?.timeline.slice(-4)
        .map(({ text }) => text),
    ).toEqual([
      'a yes of Budi (slack, revision 2) was refused: too late',
      'a no of Budi (cli) was refused: too late',
      'an answer of Budi (revision 1) was refused: too late',
      'an answer of Budi was refused: too late',
    ]);
  });

  it('ends a containment with the rollback that succeeds, and makes none of what was never contained', () => {
    const contain = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear') });
    const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
    const run = (id: string, kind: 'containment' | 'rollback', outcome: 'succeeded' | 'failed'): EventBody[] => [
      { kind: 'run.started', run: id, incident: 'i', plan: { ...planOf(kind), steps: [] }, authority },
      { kind: 'run.finished', run: id, outcome, reason: 'broken' },
    ];
    const containedBy = (...bodies: EventBody[]) =>
      must(emptyState('approve'), ...opened('i', contain), ...bodies).incidents.get('i')?.containment;
    const contained = run('run-1', 'containment', 'succeeded');
    expect(containedBy(...contained)).toMatchObject({ state: 'proven', run: 'run-1' });
    expect(containedBy(...contained, ...run('run-2', 'rollback', 'failed'))).toMatchObject({ state: 'proven' });
    expect(containedBy(...contained, ...run('run-2', 'rollback', 'succeeded'))).toMatchObject({
      state: 'released',
      by: 'run-2',
    });
    expect(containedBy(...run('run-2', 'rollback', 'succeeded'))).toEqual({ state: 'none' });
    expect(containedBy(...run('run-1', 'containment', 'failed'))).toMatchObject({ state: 'failed', fenced: false });
  });

  it('remembers when each attempt at a step began and ended, and that a run was taken up again', () => {
    const run = 'run-1';
    const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
    const end = { run, step: 'first', tookMs: 5 } as const;
    const bodies: EventBody[] = [
      { kind: 'run.started', run, plan: planOf('rollback'), authority },
      { kind: 'step.started', run, step: 'first', attempt: 1 },
      { kind: 'step.failed', ...end, attempt: 1, reason: 'broken', message: 'it broke' },
      { kind: 'run.finished', run, outcome: 'failed', reason: 'it broke' },
      { kind: 'run.resumed', run, person: 'Sari', configHash: 'c2' },
      { kind: 'step.started', run, step: 'first', attempt: 2 },
      { kind: 'step.succeeded', ...end, attempt: 2, evidence: {} },
    ];
    const at = (index: number) => begin + index * 1_000;
    const from = emptyState();
    const events = bodies.map((body, index) => ({ ...journalled(from, body, at(index)), seq: index + 1 }));
    expect(foldAll(from, events.slice(0, 4)).runs.get(run)).toMatchObject({ status: 'failed', endedAt: at(3) });
    const after = foldAll(from, events).runs.get(run);
    expect(after).toMatchObject({ status: 'running', configHash: 'c2', endedAt: undefined, reason: undefined });
    expect(after?.steps.get('first')).toMatchObject([
      { attempt: 1, status: 'failed', at: at(1), endedAt: at(2), failure: { message: 'it broke' } },
      { attempt: 2, status: 'succeeded', at: at(5), endedAt: at(6) },
    ]);
  });

  it('understands answers of older journals, which name one role and no door', () => {
    const page = decisionTo('page', { tier: 'moderate' });
    const bound = { incident: 'i', revision: 1, planHash: 'p', evidenceHash: evidenceHash(page) };
    const older = [
      { kind: 'approval.requested', ...bound, quorum: [['engineering-manager'], ['product-owner']] },
      { kind: 'approval.refused', incident: 'i', person: 'Budi', reason: 'no say' },
      { kind: 'approval.answered', ...bound, answer: 'approved', person: 'Sari', role: 'product-owner', via: 'cli' },
      { kind: 'approval.answered', ...bound, answer: 'approved', person: 'A', role: 'engineering-manager', via: 'cli' },
    ];
    const state = must(emptyState(), ...opened('i', page), ...older.map((body) => eventBody.parse(body)));
    expect(state.incidents.get('i')).toMatchObject({ status: 'approved', people: ['Sari', 'A'] });
    expect(state.incidents.get('i')?.timeline.map(({ text }) => text)).toContain(
      'an answer of Budi was refused: no say',
    );
  });

  it('remembers what older versions have told, by their own names for it, and neither asks nor tells it again', () => {
    const page = decisionTo('page');
    const subject = { incident: 'i', revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };
    const said = (message: string) =>
      ({ kind: 'message.queued', message, subject: 's', text: 't', urgency: 'alarmed' }) as const;
    const older = must(
      emptyState('approve'),
      ...opened('i', page),
      said('i/r1.decided'),
      { kind: 'approval.requested', ...subject, quorum: [['on-call-lead']] },
      said('i/r1.asked-0123456789ab'),
      said('i/r1.waiting-1767000000000-1'),
    );
    expect(nextMoves(older, { decision: page, now: begin + 60_000, planHash: 'plan-1' })).toEqual([]);
    expect(older.incidents.get('i')?.told).toMatchObject([
      { of: { what: 'decided', revision: 1 }, times: 1 },
      { of: { what: 'asked', revision: 1 }, times: 2 },
    ]);
  });
});
