import { describe, expect, it } from 'vitest';
import { type Ending, judge } from './judge.ts';

const well: Ending = { run: 'succeeded', needsNobody: false, ways: [], findings: [], lost: 0, doubled: 0 };
const judged = (changes: Partial<Ending>) => judge({ ...well, ...changes });

describe('the judgement of a case', () => {
  it('says who brought the rollback to its end', () => {
    expect(judged({}).outcome).toBe('finished by itself');
    expect(judged({ ways: ['resume', 'resume'] }).outcome).toBe('finished by resume');
    expect(judged({ ways: ['resume', 'rollback'] }).outcome).toBe('safely stopped with its way on');
  });

  it.each<[string, Partial<Ending>, RegExp]>([
    ['one document is lost', { lost: 1 }, /1 documents are lost/],
    ['one document is there twice', { doubled: 1 }, /1 documents are there twice/],
    ['the oracle finds anything', { findings: ['.env is not the legacy one'] }, /legacy one/],
    ['the run has not succeeded in the end', { run: 'interrupted', ways: ['resume'] }, /ended as interrupted/],
    ['it needed somebody where it must not', { needsNobody: true, ways: ['resume'] }, /did not go on by itself/],
  ])('is a fault where %s', (_, changes, why) => {
    const { outcome, faults } = judged(changes);
    expect(outcome).toBe('FAULT');
    expect(faults.join()).toMatch(why);
  });
});
