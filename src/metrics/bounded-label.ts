const other = 'other';

export interface BoundedLabel {
  /** Every value known so far, `other` included. */
  values(): readonly string[];
  /** The value itself where there is room for it, else `other`. */
  of(value: string): string;
}

/** Values named in advance, the first `limit` of them. */
export function configuredLabel(names: readonly string[], limit: number): BoundedLabel {
  const known = new Set(names.slice(0, limit));
  return { values: () => [...known, other], of: (value) => (known.has(value) ? value : other) };
}

const looksLikeReason = /^[a-z][a-z0-9-]{0,39}$/;

/** Words that turn up: the first `limit` are kept. What does not look like one of our reasons is never a label. */
export function discoveredLabel(limit: number): BoundedLabel {
  const known = new Set<string>();
  return {
    values: () => [...known, other],
    of: (value) => {
      if (known.size < limit && looksLikeReason.test(value)) known.add(value);
      return known.has(value) ? value : other;
    },
  };
}
