import { expect, it } from 'vitest';
import { approve } from '../../src/commands/approve.ts';
import { reject } from '../../src/commands/reject.ts';
import { status } from '../../src/commands/status/status.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import {
  as,
  askedAgain,
  askedWhileContained,
  asking,
  decision,
  opened,
  rolledBack,
  stage,
  subject,
} from './fixture.ts';

const read = { incident: 'inc-1', revision: 1 };

it('binds a yes to the incident, revision, plan and evidence of the open question', async () => {
  const { context, last, memory } = stage({ past: asking() });
  const { text } = await approve(context, as('ana'), { ...read, reason: 'seen it' });
  expect(last()).toMatchObject({
    kind: 'approval.answered',
    ...subject(),
    answer: 'approved',
    person: 'ana',
    role: 'senior-engineer',
    via: 'cli',
    reason: 'seen it',
  });
  expect(memory.state().incidents.get('inc-1')?.status).toBe('approved');
  expect(text).toBe('inc-1 is approved: the rollback begins');
});

it('voids a click on what has become worse since', async () => {
  const { context, journalled } = stage({ past: askedAgain() });
  const stale = approve(context, as('ana'), { seen: subject(1) });
  await expect(stale).rejects.toMatchObject({ reason: 'request-changed' });
  expect(journalled()).toEqual(['approval.refused']);
  await approve(context, as('ana'), { seen: subject(2) });
  expect(journalled()).toEqual(['approval.refused', 'approval.answered']);
});

it('takes no yes that does not say what was read, and says how to', async () => {
  const { context, journalled, last } = stage({ past: askedAgain() });
  await expect(approve(context, as('ana'), {})).rejects.toMatchObject({
    reason: 'question-not-named',
    remedy: 'read it with `rollbackd status`, then `rollbackd approve inc-1 --revision 2`',
  });
  // Every incident begins with revision 1: the number alone could be of one that is over.
  await expect(approve(context, as('ana'), { revision: 2 })).rejects.toMatchObject({ reason: 'question-not-named' });
  await expect(approve(context, as('ana'), read)).rejects.toMatchObject({ reason: 'request-changed' });
  expect(last()).toMatchObject({ kind: 'approval.refused', answer: 'approved', revision: 1 });
  await approve(context, as('ana'), { incident: 'inc-1', revision: 2 });
  expect(journalled()).toEqual([...Array(3).fill('approval.refused'), 'approval.answered']);
});

it('takes no no that does not say what was read, nor one to an earlier question', async () => {
  const { context, memory } = stage({ past: askedAgain() });
  await expect(reject(context, as('bo'), { reason: 'no' })).rejects.toMatchObject({
    reason: 'question-not-named',
    remedy: 'read it with `rollbackd status`, then `rollbackd reject inc-1 --revision 2 --reason ...`',
  });
  const earlier = reject(context, as('bo'), { ...read, reason: 'no' });
  await expect(earlier).rejects.toMatchObject({ reason: 'request-changed' });
  await reject(context, as('bo'), { ...read, revision: 2, reason: 'no' });
  expect(memory.state().incidents.get('inc-1')?.status).toBe('rejected');
});

it('takes a no, and no yes, while a rollback would not help; the question stands', async () => {
  const unhelped: Decision = {
    ...decision('hold', 'critical', 1),
    guards: [{ guard: 'would-help', outcome: 'failed', reason: 'the legacy databases are unreachable' }],
  };
  const { context, journalled, memory } = stage({ past: asking(), decision: unhelped });
  await expect(approve(context, as('ana'), read)).rejects.toMatchObject({
    reason: 'not-offered',
    message: 'no rollback is offered at the moment, since it would not help: the legacy databases are unreachable',
  });
  const { incident } = await status(context);
  expect(incident?.waitsFor).toMatch(/^a rollback to be offered again .*unreachable\), then a yes or no of/);
  const offered = { ...context, latest: () => ({ verdicts: [], decision: undefined, observations: [] }) };
  expect((await status(offered)).incident?.waitsFor).toMatch(/^a yes or no of/);
  await reject(context, as('bo'), { ...read, reason: 'no' });
  expect(journalled()).toEqual(['approval.refused', 'approval.answered']);
  expect(memory.state().incidents.get('inc-1')?.status).toBe('rejected');
});

it('voids a form that was opened before and is sent after a new revision, or a second time', async () => {
  const { context, memory, journalled } = stage({ past: askedAgain() });
  const sent = (revision: number) =>
    reject(context, as('bo'), { incident: 'inc-1', seen: subject(revision), reason: 'no' });
  await expect(sent(1)).rejects.toMatchObject({ reason: 'request-changed' });
  expect(memory.state().incidents.get('inc-1')?.status).toBe('awaiting-approval');
  await sent(2);
  await expect(sent(2)).rejects.toMatchObject({ reason: 'already-decided', message: 'bo rejected it already: no' });
  expect(journalled()).toEqual(['approval.refused', 'approval.answered', 'approval.refused']);
});

it.each([
  ['the yes first', ['ana', 'bo'], 'approved'],
  ['the no first', ['bo', 'ana'], 'rejected'],
] as const)('lets the first of two within ten milliseconds win: %s', async (_order, names, outcome) => {
  const { context, memory, pass, journalled } = stage({ past: asking() });
  const say = (name: 'ana' | 'bo') => {
    pass(5);
    return name === 'ana' ? approve(context, as(name), read) : reject(context, as(name), { ...read, reason: 'no' });
  };
  const results = await Promise.allSettled(names.map(say));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(journalled()).toEqual(['approval.answered', 'approval.refused']);
  expect(memory.state().incidents.get('inc-1')?.status).toBe(outcome);
});

it('lets the first writer win, and tells the second who that was', async () => {
  const { context, last } = stage({ past: asking() });
  await reject(context, as('bo'), { ...read, reason: 'we mend it' });
  const late = approve(context, as('ana'), read);
  await expect(late).rejects.toMatchObject({
    reason: 'already-decided',
    message: 'bo rejected it already: we mend it',
  });
  expect(last()).toMatchObject({
    kind: 'approval.refused',
    person: 'ana',
    reason: 'bo rejected it already: we mend it',
  });
});

it('needs two different people where the tier asks for two', async () => {
  const { context, memory } = stage({ past: asking('moderate') });
  const both = { ...as('eva'), roles: ['engineering-manager' as const, 'product-owner' as const] };
  const first = await approve(context, both, read);
  expect(first).toEqual({
    text: 'your yes to inc-1 is recorded; it still takes product-owner, or engineering-manager',
    notes: ['ask pia (product-owner)'],
  });
  await expect(approve(context, both, read)).rejects.toMatchObject({ reason: 'already-decided' });
  await approve(context, as('pia'), read);
  expect(memory.state().incidents.get('inc-1')?.status).toBe('approved');
});

const anh = { ...as('anh'), roles: ['engineering-manager' as const, 'product-owner' as const] };
const bao = { ...as('bao'), roles: ['engineering-manager' as const] };

it.each([
  [anh, bao],
  [bao, anh],
])('takes two people who together hold what it needs, whoever is first', async (first, second) => {
  const { context, last, memory } = stage({ past: asking('moderate') });
  await approve(context, first, read);
  await approve(context, second, read);
  expect(memory.state().incidents.get('inc-1')).toMatchObject({
    status: 'approved',
    people: [first.name, second.name],
  });
  expect(last()).toMatchObject({ person: second.name, roles: second.roles });
});

it('knows somebody again who has got another name since', async () => {
  const ids = { uid: 1001, slack: 'U0EVA' };
  const { context, memory } = stage({ past: asking('moderate'), settings: { people: [{ ...as('eva'), ...ids }] } });
  await approve(context, { ...as('eva'), uid: 1001 }, read);
  const roles = ['product-owner' as const];
  const renamed = { ...context.settings, people: [{ name: 'eve', roles, ...ids }] };
  const eve = { name: 'eve', roles, via: 'slack' as const };
  const again = approve({ ...context, settings: renamed }, eve, read);
  await expect(again).rejects.toMatchObject({ reason: 'already-decided', message: 'eve has answered already' });
  expect(memory.state().incidents.get('inc-1')?.status).toBe('awaiting-approval');
});

it('does not take a second yes of a role that has said it, but takes its no', async () => {
  const second = { ...as('max'), roles: ['engineering-manager' as const] };
  const { context, memory } = stage({ past: asking('moderate') });
  await approve(context, as('eva'), read);
  await expect(approve(context, second, read)).rejects.toMatchObject({ reason: 'not-authorised' });
  await reject(context, second, { ...read, reason: 'wait' });
  expect(memory.state().incidents.get('inc-1')?.status).toBe('rejected');
});

it('says that a rejection releases nothing', async () => {
  const { context } = stage({ past: askedWhileContained() });
  const { notes } = await reject(context, as('bo'), { ...read, reason: 'no' });
  expect(notes).toEqual(['the application stays stopped until somebody releases it: `rollbackd release --reason ...`']);
});

it.each([
  ['nothing is open', [], 'nothing-to-approve', 'no incident is open'],
  ['nobody is asked', opened(), 'nothing-to-approve', 'inc-1 asks for no approval now'],
  [
    'the rollback is done',
    [...asking(), ...rolledBack('inc-1')],
    'already-decided',
    'the rollback has begun already (run-9)',
  ],
  [
    'it was closed',
    [...opened(), { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'it healed' }],
    'already-decided',
    'inc-1 is closed (withdrawn): it healed',
  ],
] as const)('refuses when %s', async (_when, past, reason, message) => {
  const { context } = stage({ past });
  const incident = reason === 'already-decided' ? 'inc-1' : undefined;
  await expect(approve(context, as('ana'), { incident })).rejects.toMatchObject({ reason, message });
});

it('writes down what was refused where it belongs, be the incident closed: who, by which door, what and of which revision', async () => {
  const past: EventBody[] = [...asking(), { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'it healed' }];
  const { context, last, memory } = stage({ past });
  const old = { incident: 'inc-1', seen: subject(1) };
  await expect(approve(context, { ...as('ana'), uid: 1001 }, old)).rejects.toMatchObject({ reason: 'already-decided' });
  expect(last()).toEqual({
    kind: 'approval.refused',
    incident: 'inc-1',
    person: 'ana',
    uid: 1001,
    via: 'cli',
    answer: 'approved',
    revision: 1,
    reason: 'inc-1 is closed (withdrawn): it healed',
  });
  expect(memory.state().incidents.get('inc-1')).toMatchObject({ status: 'closed', outcome: 'withdrawn' });
  expect(memory.state().incidents.get('inc-1')?.timeline.at(-1)?.text).toBe(
    'a yes of ana (cli, revision 1) was refused: inc-1 is closed (withdrawn): it healed',
  );
});

it('refuses a click on an incident that is over while another is open, and leaves that one alone', async () => {
  const past: EventBody[] = [...asking(), { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'it healed' }];
  const { context, memory, last } = stage({ past });
  const next = asking().map((body) => ({ ...body, incident: 'inc-2' }) as EventBody);
  memory.append(...next);
  const old = reject(context, as('bo'), { incident: 'inc-1', seen: subject(1), reason: 'no' });
  await expect(old).rejects.toMatchObject({ reason: 'already-decided' });
  expect(last()).toMatchObject({ kind: 'approval.refused', incident: 'inc-1', answer: 'rejected' });
  expect(memory.state().incidents.get('inc-2')?.status).toBe('awaiting-approval');
});

it('refuses an answer to another incident than the open one', async () => {
  const { context, journalled } = stage({ past: asking() });
  const other = approve(context, as('ana'), { incident: 'inc-0' });
  await expect(other).rejects.toMatchObject({
    reason: 'nothing-to-approve',
    message: 'inc-0 is not the open incident: that is inc-1',
  });
  expect(journalled()).toEqual([]);
});
