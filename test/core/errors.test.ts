import { describe, expect, test } from 'vitest';
import { explain, RollbackdError } from '../../src/core/errors.ts';

describe('an expected failure', () => {
  test('is explained with what to do next', () => {
    const cause = new Error('ENOENT');
    const failure = new RollbackdError('backup-missing', 'there is no backup.', { remedy: 'make one', cause });
    expect(explain(failure)).toBe('there is no backup. Next: make one');
    expect(explain(new RollbackdError('x', 'no full stop', { remedy: 'set one' }))).toBe('no full stop. Next: set one');
    expect(failure).toMatchObject({ reason: 'backup-missing', cause });
  });

  test('and anything else that is thrown is explained by its message', () => {
    expect(explain(new RollbackdError('x', 'only this'))).toBe('only this');
    expect(explain(new TypeError('broken'))).toBe('broken');
    expect(explain('a text')).toBe('a text');
  });
});
