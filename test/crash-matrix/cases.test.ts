import { describe, expect, it } from 'vitest';
import { casesOf, isInFixedPart, sampleOf } from './cases.ts';
import { programOf, type Score } from './score.ts';

const score: Score = [
  { id: 'check-target', action: 'check-target', phase: 'prepare', programs: ['git worktree'] },
  { id: 'show-maintenance', action: 'show-maintenance', phase: 'stop', programs: [] },
  { id: 'snapshot-unified', action: 'snapshot-unified', phase: 'restore', programs: ['mongodump'] },
  { id: 'restore-database:cafe', action: 'restore-database', phase: 'restore', programs: ['mongorestore'] },
];
const cases = casesOf('tidy', score);
const ids = cases.map(({ id }) => id);

describe('the cases of the matrix', () => {
  it('strike at each step of the run, at its boundaries and beside each of its programs, under names of their own', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, programs } of score) {
      expect(ids).toContain(`tidy kill-daemon inside ${id}`);
      expect(ids).toContain(`tidy kill-daemon after ${id}`);
      for (const program of programs) expect(ids).toContain(`tidy kill-child beside ${program} ${id}`);
    }
  });

  it('grow with the run: a step more is a row more', () => {
    const more = casesOf('tidy', [...score, { id: 'new-step', action: 'new-step', phase: 'verify', programs: [] }]);
    expect(more.map(({ id }) => id)).toContain('tidy kill-daemon inside new-step');
  });

  it('have a fixed part', () => {
    const fixed = cases.filter(isInFixedPart).map(({ kind }) => kind);
    expect(new Set(fixed)).toContain('kill-daemon-again');
    expect(new Set(fixed)).toContain('kill-mongod');
  });

  it('by chance are the same for the same seed', () => {
    const sample = sampleOf(cases, 5, 7);
    expect(new Set(sample).size).toBe(5);
    expect(sampleOf(cases, 5, 7)).toEqual(sample);
    expect(sampleOf(cases, 5, 8)).not.toEqual(sample);
    expect(sampleOf(cases, 1_000, 7)).toHaveLength(cases.length);
  });
});

describe('the program of a child', () => {
  it.each([
    [['/usr/bin/git', '-C', '/srv/cafe', 'worktree', 'add'], 'git worktree'],
    [['/usr/bin/git', 'rev-parse', 'HEAD'], undefined],
    [['/usr/bin/node', '/usr/lib/npm/bin/npm-cli.js', 'ci', '--omit=dev'], 'npm ci'],
    [['/usr/bin/node', '-e', 'loader', '/opt/pm2/bin/pm2', 'save'], 'pm2 save'],
    [['/tools/mongodump-100.7.0', '--host'], 'mongodump'],
    [['/bin/true'], undefined],
  ])('of %j is %s', (command, program) => {
    expect(programOf(command)).toBe(program);
  });
});
