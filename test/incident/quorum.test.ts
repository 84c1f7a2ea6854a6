import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, deadlineFor, outstandingGroups, quorumFor } from '../../src/incident/quorum.ts';
import type { Approval } from '../../src/model/approval.ts';
import { type Role, role } from '../../src/model/person.ts';
import { tier } from '../../src/model/tier.ts';

const subject = { incident: 'incident-1', revision: 2, planHash: 'p', evidenceHash: 'e' };
const yes = (person: string, as: Approval['role'], over: Partial<Approval> = {}): Approval => ({
  ...subject,
  answer: 'approved',
  person,
  role: as,
  via: 'cli',
  ...over,
});

const anyApproval: fc.Arbitrary<Approval> = fc.record({
  incident: fc.constantFrom('incident-1', 'incident-1', 'incident-2'),
  revision: fc.constantFrom(1, 2, 2),
  planHash: fc.constantFrom('p', 'p', 'q'),
  evidenceHash: fc.constantFrom('e', 'e', 'f'),
  answer: fc.constantFrom('approved', 'approved', 'approved', 'rejected'),
  person: fc.constantFrom('Sari', 'Budi', 'Putu'),
  role: fc.constantFrom(...role.options),
  via: fc.constantFrom('cli', 'slack', 'page'),
});
const bound = (approval: Approval) =>
  approval.incident === 'incident-1' &&
  approval.revision === 2 &&
  approval.planHash === 'p' &&
  approval.evidenceHash === 'e';

describe('the quorum', () => {
  it('is one senior engineer or on-call lead where it is critical', () => {
    expect(answerOf([yes('Sari', 'on-call-lead')], subject, quorumFor('critical'))).toBe('approved');
    expect(answerOf([yes('Sari', 'product-owner')], subject, quorumFor('critical'))).toBe('pending');
  });

  it('is one engineering manager or technical lead where it is severe, within the hour', () => {
    expect(answerOf([yes('Sari', 'technical-lead')], subject, quorumFor('severe'))).toBe('approved');
    expect(deadlineFor('severe', 1)).toBe(3_600_001);
    expect(deadlineFor('critical', 1)).toBeUndefined();
  });

  it('is two different people where it is moderate', () => {
    const quorum = quorumFor('moderate');
    const manager = yes('Sari', 'engineering-manager');
    expect(answerOf([manager, yes('Sari', 'product-owner')], subject, quorum)).toBe('pending');
    expect(answerOf([manager, yes('Budi', 'product-owner')], subject, quorum)).toBe('approved');
  });

  it('lets a person who fits both groups stand for the one that nobody else can', () => {
    const quorum = [['engineering-manager', 'product-owner'], ['product-owner']] as const;
    const answers = [yes('Sari', 'product-owner'), yes('Budi', 'engineering-manager')];
    expect(
      answerOf(
        answers,
        subject,
        quorum.map((group) => [...group]),
      ),
    ).toBe('approved');
  });

  it('does not let one person stand for two groups that overlap', () => {
    const answers = [yes('Sari', 'technical-lead')];
    expect(answerOf(answers, subject, [['technical-lead'], ['technical-lead', 'product-owner']])).toBe('pending');
  });

  it('lets whoever holds both roles stand for the one that the other cannot, in either order', () => {
    const anh = yes('Anh', 'engineering-manager', { roles: ['engineering-manager', 'product-owner'] });
    const bao = yes('Bao', 'engineering-manager', { roles: ['engineering-manager'] });
    expect(answerOf([anh, bao], subject, quorumFor('moderate'))).toBe('approved');
    expect(answerOf([bao, anh], subject, quorumFor('moderate'))).toBe('approved');
    expect(outstandingGroups(quorumFor('moderate'), [anh])).toEqual([['product-owner', 'engineering-manager']]);
    expect(outstandingGroups(quorumFor('moderate'), [bao])).toEqual([['product-owner']]);
  });

  it.each([
    ['the same id in Slack', { slack: 'U0SARI' }, { slack: 'U0SARI' }, 'pending'],
    ['another id in Slack', { slack: 'U0SARI' }, { slack: 'U0BUDI' }, 'approved'],
    ['the same user of the host', { uid: 1000 }, { uid: 1000 }, 'pending'],
    ['another user of the host', { uid: 1000 }, { uid: 1001 }, 'approved'],
    ['another door', { uid: 1000 }, { slack: 'U0SARI' }, 'approved'],
  ])('counts whoever comes by %s, under another name, as what it proves', (_title, first, second, answer) => {
    const manager = yes('Sari', 'engineering-manager', first);
    const owner = yes('Sari Dewi', 'product-owner', second);
    expect(answerOf([manager, owner], subject, quorumFor('moderate'))).toBe(answer);
  });

  it('is no nearer with a no', () => {
    const no = yes('Sari', 'engineering-manager', { answer: 'rejected' });
    expect(outstandingGroups(quorumFor('moderate'), [no])).toEqual(quorumFor('moderate'));
  });

  it('is one yes nearer with each person who holds a role that it names, and no nearer with any other', () => {
    const roles = fc.subarray(['engineering-manager', 'product-owner', 'technical-lead'] as const, { minLength: 1 });
    const quorums = fc.array(roles, { minLength: 1, maxLength: 4 });
    const from = (held: Role[], person: string) => yes(person, held[0] ?? 'technical-lead', { roles: held });
    fc.assert(
      fc.property(quorums, fc.array(roles, { maxLength: 4 }), roles, (quorum, people, next) => {
        const before = people.map((held, index) => from(held, `person ${index}`));
        const missing = outstandingGroups(quorum, before);
        const after = outstandingGroups(quorum, [...before, from(next, 'the next')]);
        const helps = missing.flat().some((role) => next.includes(role as (typeof next)[number]));
        expect(after.length).toBe(missing.length - (helps ? 1 : 0));
      }),
    );
  });

  it('goes to the first writer', () => {
    const no = yes('Budi', 'senior-engineer', { answer: 'rejected' });
    expect(answerOf([no, yes('Sari', 'on-call-lead')], subject, quorumFor('critical'))).toBe('rejected');
    expect(answerOf([yes('Sari', 'on-call-lead'), no], subject, quorumFor('critical'))).toBe('approved');
    expect(answerOf([yes('Budi', 'product-owner'), no], subject, quorumFor('critical'))).toBe('rejected');
  });

  it('does not let somebody without a say reject', () => {
    const no = yes('Budi', 'product-owner', { answer: 'rejected' });
    expect(answerOf([no], subject, quorumFor('critical'))).toBe('pending');
  });

  it('is never one person where it is moderate, whatever is clicked', () => {
    fc.assert(
      fc.property(fc.array(anyApproval, { maxLength: 12 }), (approvals) => {
        if (answerOf(approvals, subject, quorumFor('moderate')) !== 'approved') return;
        const counted = approvals.filter((one) => bound(one) && one.answer === 'approved');
        const who = (as: string) => new Set(counted.filter((one) => one.role === as).map(({ person }) => person));
        expect(new Set([...who('engineering-manager'), ...who('product-owner')]).size).toBeGreaterThanOrEqual(2);
        expect(who('engineering-manager').size).toBeGreaterThan(0);
        expect(who('product-owner').size).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('does not count a click on anything but the present question', () => {
    fc.assert(
      fc.property(fc.array(anyApproval, { maxLength: 12 }), fc.constantFrom(...tier.options), (approvals, level) => {
        const stale = approvals.filter((one) => !bound(one));
        expect(answerOf(stale, subject, quorumFor(level))).toBe('pending');
      }),
    );
  });

  it('is final: what is clicked afterwards changes nothing', () => {
    const clicks = fc.array(anyApproval, { maxLength: 12 });
    fc.assert(
      fc.property(clicks, clicks, fc.constantFrom(...tier.options), (first, after, level) => {
        const answer = answerOf(first, subject, quorumFor(level));
        if (answer !== 'pending') expect(answerOf([...first, ...after], subject, quorumFor(level))).toBe(answer);
      }),
    );
  });
});
