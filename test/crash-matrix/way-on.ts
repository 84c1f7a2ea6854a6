/** What people are told to do about a run that has stopped. */
export type Way = 'resume' | 'rollback';

/** The failed step's own words come first: they know best. Undefined where no text names a way. */
export function wayOn(texts: readonly string[]): Way | undefined {
  for (const text of texts) {
    if (/`rollbackd rollback/.test(text)) return 'rollback';
    if (/\bresume\b/i.test(text)) return 'resume';
  }
  return undefined;
}
