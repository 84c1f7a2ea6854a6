import { expect, it } from 'vitest';
import type { EventBody } from '../../src/model/event.ts';
import { askedAgain, asking, opened, stage } from '../commands/fixture.ts';
import { openDoor } from '../doors/socket/open-door.ts';
import { rollbackd } from './command-line.ts';

const outline = {
  legacyCommit: '0123456789abcdef',
  steps: 28,
  expectedMs: 720_000,
  replaces: [{ database: 'cafe_a', effect: 'drops it and restores 3 collections' }],
  forgoes: 'Keep NOTHING of cafe_v2',
  bringsIn: ['cafe_b'],
  pointOfNoReturn: { step: 'enable-traffic', effect: 'users write to the legacy databases' },
};

const withPlan = (past: readonly EventBody[]): EventBody[] =>
  past.map((body) => (body.kind === 'approval.requested' ? { ...body, plan: outline } : body));

/** What a person at a terminal is shown until they are asked, and what comes of their answer. */
async function approving(answer: string, past = withPlan(askedAgain())) {
  const { context, journalled, last, memory } = stage({ past });
  await using open = await openDoor(context);
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  const spoken = await rollbackd(['approve', '--socket', open.path], {}, ask);
  return { ...spoken, questions, journalled: journalled(), last: last(), memory };
}

it('shows the whole question at a terminal, and approves that one only once it is confirmed', async () => {
  const { code, out, questions, last } = await approving('yes');
  expect(questions).toEqual(['Roll back as revision 2 of inc-1 says? yes or no: ']);
  expect(out).toMatchInlineSnapshot(`
    "incident inc-1: cross-tenant-leak (critical), awaiting-approval, opened 0ms ago
      tenants    a, b
      question   revision 2, plan plan-1
      for        revision 2
      plan       28 steps, about 12m, back to 0123456789ab; each step: rollbackd rollback --dry-run
      NOT KEPT   Keep NOTHING of cafe_v2
      replaced   cafe_a: drops it and restores 3 collections
      brought in cafe_b
      no return  from enable-traffic on: users write to the legacy databases
      to answer  rollbackd approve inc-1 --revision 2, or rollbackd reject inc-1 --revision 2 --reason TEXT
      waits for  a yes or no of senior-engineer, or on-call-lead: ask ana (senior-engineer), or bo (on-call-lead)
    inc-1 is approved: the rollback begins
    "
  `);
  expect([code, last]).toEqual([0, expect.objectContaining({ kind: 'approval.answered', revision: 2 })]);
});

it('shows which collections of the unified database itself give way', async () => {
  const inUnified = { database: 'cafe_v2', effect: 'drops and restores users (9 documents now, 3 then)' };
  const past = askedAgain().map((body) =>
    body.kind === 'approval.requested' ? { ...body, plan: { ...outline, replaces: [], inUnified } } : body,
  );
  const { out } = await approving('no', past);
  expect(out).toContain('IN UNIFIED cafe_v2: drops and restores users (9 documents now, 3 then)');
  expect(out).toContain('replaced   no other database');
});

it.each(['no', '', 'y'])('leaves the question alone where the answer is %j', async (answer) => {
  const { code, err, journalled } = await approving(answer);
  expect([code, journalled]).toEqual([1, []]);
  expect(err).toContain('nothing was answered: the question stands');
});

it('shows the whole question before a no, too, and rejects that one', async () => {
  const { context, last } = stage({ past: askedAgain() });
  await using open = await openDoor(context);
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return 'yes';
  };
  const { code, out } = await rollbackd(['reject', '--reason', 'no', '--socket', open.path], {}, ask);
  expect([code, questions]).toEqual([0, ['Reject revision 2 of inc-1? yes or no: ']]);
  expect(out).toContain('for        revision 2');
  expect(last()).toMatchObject({ kind: 'approval.answered', answer: 'rejected', revision: 2 });
});

it('says that nothing is asked before it asks anything', async () => {
  const { code, err, questions } = await approving('yes', opened());
  expect([code, questions]).toEqual([1, []]);
  expect(err).toContain('inc-1 is open: it waits for what is decided next');
});

it('voids a yes to what has changed while it was read', async () => {
  const { context, memory, journalled } = stage({ past: asking() });
  await using open = await openDoor(context);
  const ask = async () => {
    memory.append(...askedAgain().slice(-2));
    return 'yes';
  };
  const { code, err } = await rollbackd(['approve', '--socket', open.path], {}, ask);
  expect(code).toBe(1);
  expect(err).toContain('inc-1 has moved on to revision 2 since you looked');
  expect(journalled().at(-1)).toBe('approval.refused');
});

it('refuses where nobody sits at a terminal and no revision is named, and asks the daemon nothing', async () => {
  for (const argv of [['approve'], ['reject', '--reason', 'no']]) {
    const { code, err } = await rollbackd([...argv, '--socket', '/nowhere/rollbackd.sock']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /there is no terminal to show it on\nnext: .*`rollbackd (approve|reject) INCIDENT --revision N`/,
    );
  }
});

it.each([
  ['approve', 'inc-1'],
  ['reject', 'inc-1', '--reason', 'no'],
])('answers only the revision that was read: %s', async (...argv) => {
  const { context, journalled } = stage({ past: askedAgain() });
  await using open = await openDoor(context);
  const give = (revision: string) => rollbackd([...argv, '--revision', revision, '--socket', open.path]);
  expect(await give('1')).toMatchObject({ code: 1, err: expect.stringContaining('moved on to revision 2') });
  expect(await give('2')).toMatchObject({ code: 0 });
  expect(journalled()).toEqual(['approval.refused', 'approval.answered']);
  expect((await give('two')).err).toContain('the number of a revision');
});
