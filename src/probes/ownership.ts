import type { RouteConfig } from './schema.ts';

export type Owners = readonly string[] | 'everyone';

/** Whose a document is, as the database that is in use says. */
export interface Ownership {
  /** Document id -> slugs of its owners. An id that nobody knows is absent: it proves nothing. */
  ownersOf(route: RouteConfig, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Owners>>;
  /** The id of a document that belongs to somebody else and not to `tenant`; undefined where there is none. */
  foreignId(route: RouteConfig, tenant: string, signal: AbortSignal): Promise<string | undefined>;
}
