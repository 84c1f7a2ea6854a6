import { idValues } from './document-id.ts';

/** By what names the documents of a database that tenants share know their tenants. */
export interface TenantNames {
  /** Undefined: of nobody who is known. */
  slugOf(stored: unknown): string | undefined;
  /** All that may stand for the tenant. */
  valuesOf(slug: string): readonly unknown[];
  /** What a query asks of the field for documents of other tenants who are known: of some, where there are many. */
  ofOthers(slug: string): Record<string, unknown>;
}

/** What a query asks of the field for documents that a tenant may be shown: its own, and those without the field, which null finds too. */
export const shownTo = ({ valuesOf }: TenantNames, slug: string) => ({ $in: [...valuesOf(slug), null] });

interface NamedTenant {
  readonly slug: string;
  /** As text. */
  readonly tenantId: string;
}

/** Enough to find one document of another; more would cost more with each tenant that there is. */
const mostOthers = 100;

/** Where there is no list of them. */
export const namedBySlug: TenantNames = {
  slugOf: String,
  valuesOf: (slug) => [slug],
  ofOthers: (slug) => ({ $nin: [slug, null] }),
};

/** By their ids, as text or as they are; `orSlug`: or by their slugs, also where the list lacks one. */
export function namesOf(tenants: readonly NamedTenant[], { orSlug }: { readonly orSlug: boolean }): TenantNames {
  const slugs = new Map<string, string>();
  const values = new Map<string, unknown[]>();
  for (const { slug, tenantId } of tenants) {
    slugs.set(tenantId, slug);
    if (orSlug) slugs.set(slug, slug);
    values.set(slug, [...(values.get(slug) ?? (orSlug ? [slug] : [])), ...idValues(tenantId)]);
  }
  const known = [...values.keys()];
  const valuesOf = (slug: string) => values.get(slug) ?? (orSlug ? [slug] : []);
  return {
    slugOf: (stored) => slugs.get(String(stored)),
    valuesOf,
    ofOthers(slug) {
      const at = known.indexOf(slug) + 1;
      const others = [...known.slice(at), ...known.slice(0, at)].filter((each) => each !== slug);
      return { $in: others.slice(0, mostOthers).flatMap(valuesOf) };
    },
  };
}
