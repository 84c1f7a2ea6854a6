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

export function whatGivesWay({ collections }: DatabaseManifest, state: readonly CollectionState[]): InUnified {
  const present = new Map(state.map(({ collection, documents }) => [collection, documents]));
  const named = new Set(collections.map(({ collection }) => collection));
  return {
    replaced: collections.map(({ collection, documents: then }) => ({
      collection,
      now: present.get(collection),
      then,
    })),
    untouched: state.filter(({ collection }) => !named.has(collection)),
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

export const untouchedInWords = ({ untouched }: InUnified): string =>
  untouched.map(({ collection, documents }) => `${collection} (${documents})`).join(', ') || 'nothing else';
