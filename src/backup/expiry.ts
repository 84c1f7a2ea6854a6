import type { CollectionState } from '../adapters/mongo/contract.ts';
import type { IndexDefinition } from '../model/backup.ts';

/** What a server has deleted by itself since the backup held it. */
export interface Expired {
  readonly collection: string;
  readonly documents: number;
}

/** Of several fields, as old servers took it, none ever does. */
export const deletesDocuments = ({ key, options }: IndexDefinition): boolean =>
  options.expireAfterSeconds !== undefined && key.length === 1;

/** Whether a server deletes documents of it by itself, which no write counter shows: by an index, or as a clustered collection. */
export const expires = ({ indexes, options }: Pick<CollectionState, 'indexes' | 'options'>): boolean =>
  options?.expireAfterSeconds !== undefined || indexes.some(deletesDocuments);

/** For the evidence of a step, which is silent where nothing has expired. Where something has, digests cannot be equal. */
export function expiredSince(kept: 'backup' | 'snapshot', expired: readonly Expired[]): { readonly expired?: string } {
  if (expired.length === 0) return {};
  const each = expired.map(
    ({ collection, documents }) => `${collection}: ${documents} documents of the ${kept} have expired`,
  );
  return { expired: `${each.join(', ')}; the rest of them is not compared` };
}
