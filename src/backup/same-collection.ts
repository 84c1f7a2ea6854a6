import type { CollectionState } from '../adapters/mongo/contract.ts';
import { canonicalJson } from '../core/digest.ts';
import { differingOptions } from './compare-state.ts';

/** As many documents, the same ones, under the same options. */
export const hasSameContent = (one: CollectionState, other: CollectionState): boolean =>
  one.collection === other.collection &&
  one.documents === other.documents &&
  one.digest === other.digest &&
  differingOptions(one.options, other.options).length === 0;

/** With the same indexes, too. */
export const isSameCollection = (one: CollectionState, other: CollectionState): boolean =>
  hasSameContent(one, other) && canonicalJson(one.indexes) === canonicalJson(other.indexes);
