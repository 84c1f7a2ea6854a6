import { rule } from '../rule.ts';

/** git would take such a name for an option, a range or a relative place that moves. */
export const legacyRef = rule(['code'], ({ code }) =>
  /^-|\.\.|[\s~^:?*[\\]|@\{/.test(code.legacyRef)
    ? [{ path: ['code', 'legacyRef'], message: 'must be the plain name of a tag or branch, or a commit id' }]
    : [],
);
