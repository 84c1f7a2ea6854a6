import type { CollectionState } from '../adapters/mongo/contract.ts';
import type { DatabaseManifest } from '../model/backup.ts';

/** What a rollback does to the unified database where that is the legacy main one as well. */
export interface InUnified {
  /** Of these the unified system's documents give way to the legacy ones. */
  readonly replaced: readonly {
    readonly collection: string;
    readonly now: number | undefined;
    readonly then: number;
  }[];
  readonly untouched: readonly Counted[];
}

interface Counted {
  readonly collection: string;
  readonly documents: number;
}

/** `found`: of the collections that are replaced; `counts`: documents of each in the unified database, by its name. */
export function whatGivesWay(
  { collections }: DatabaseManifest,
  found: readonly CollectionState[],
  counts: Readonly<Record<string, number>>,
): InUnified {
  const named = new Set(collections.map(({ collection }) => collection));
  const present = new Map(found.map(({ collection, documents }) => [collection, documents]));
  return {
    replaced: collections.map(({ collection, documents: then }) => ({
      collection,
      now: present.get(collection),
      then,
    })),
    untouched: Object.entries(counts)
      .filter(([collection]) => !named.has(collection))
      .map(([collection, documents]) => ({ collection, documents })),
  };
}

export const namesReplaced = ({ replaced }: InUnified): string =>
  replaced.map(({ collection }) => collection).join(', ');

export const replacedInWords = ({ replaced }: InUnified): string =>
  replaced
    .map(({ collection, now, then }) => {
      const present = now === undefined ? 'not there' : `${now} documents`;
      return `${collection} (${present} now, ${then} then)`;
    })
    .join(', ');

/** What is read on a card, too, has an end. */
const mostNamed = 30;

export function untouchedInWords({ untouched }: InUnified): string {
  const named = untouched.slice(0, mostNamed).map(({ collection, documents }) => `${collection} (${documents})`);
  const rest = untouched.slice(mostNamed);
  const documents = rest.reduce((sum, each) => sum + each.documents, 0);
  const more = rest.length > 0 ? [`${rest.length} more collections with ${documents} documents`] : [];
  return [...named, ...more].join(', ') || 'nothing else';
}
