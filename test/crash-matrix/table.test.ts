import { describe, expect, it } from 'vitest';
import type { Result } from './results.ts';
import { resultTable } from './table.ts';
import { wayOn } from './way-on.ts';

const well: Result = {
  commit: 'abc',
  id: 'tidy kill-daemon inside switch-code',
  kind: 'kill-daemon',
  temperament: 'tidy',
  outcome: 'finished by itself',
  hit: true,
  faults: [],
  notes: [],
  documents: 4_000,
  lost: 0,
  doubled: 0,
  seconds: 60,
};

describe('the table', () => {
  it('counts outcomes by kind, and says how to play a fault again', () => {
    const faulty = {
      ...well,
      id: 'tidy kill-mongod inside x:y',
      kind: 'kill-mongod',
      outcome: 'FAULT',
      lost: 3,
    } as const;
    const table = resultTable([well, { ...well, hit: false }, { ...faulty, faults: ['3 documents are lost'] }]);
    expect(table).toMatch(/^kill-daemon +2 +2 +0 +0 +0 +1 +0 +0$/m);
    expect(table).toMatch(/^kill-mongod +1 +0 +0 +0 +1 +0 +3 +0$/m);
    expect(table).toMatch(/^all +3 +2 +0 +0 +1 +1 +3 +0$/m);
    expect(table).toContain("again: npm run crash-matrix -- --fresh --only '^tidy kill-mongod inside x:y$'");
  });
});

describe('the way on', () => {
  it('is what the first text that names one says', () => {
    expect(wayOn(['see that nothing writes to it, then resume the run', 'Resume it or acknowledge it.'])).toBe(
      'resume',
    );
    expect(wayOn(['make a new plan with `rollbackd rollback`', 'Resume it when the cause is gone.'])).toBe('rollback');
  });

  it('is none where no text names one', () => {
    expect(wayOn(['it has failed'])).toBeUndefined();
  });
});
