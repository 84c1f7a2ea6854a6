import { idValues } from './document-id.ts';

/** By what names the documents of a database that tenants share know their tenants. */
export interface TenantNames {
  /** Undefined: of nobody who is known. */
  slugOf(stored: unknown): string | undefined;
  /** All that may stand for the tenant. */
  valuesOf(slug: string): readonly unknown[];
}

interface NamedTenant {
  readonly slug: string;
  /** As text. */
  readonly tenantId: string;
}

/** Where there is no list of them. */
export const namedBySlug: TenantNames = { slugOf: String, valuesOf: (slug) => [slug] };

/** By their ids, as text or as they are; `orSlug`: or by their slugs. */
export function namesOf(tenants: readonly NamedTenant[], { orSlug }: { readonly orSlug: boolean }): TenantNames {
  const slugs = new Map<string, string>();
  const values = new Map<string, unknown[]>();
  for (const { slug, tenantId } of tenants) {
    slugs.set(tenantId, slug);
    if (orSlug) slugs.set(slug, slug);
    values.set(slug, [...(values.get(slug) ?? (orSlug ? [slug] : [])), ...idValues(tenantId)]);
  }
  return { slugOf: (stored) => slugs.get(String(stored)), valuesOf: (slug) => values.get(slug) ?? [] };
}
