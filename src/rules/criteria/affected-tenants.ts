import { type RequestSlot, theRest } from '../../model/request-slot.ts';
import type { Recent, Source } from '../windows/measured-slots.ts';

/** What it takes to say something about single tenants. */
export interface TenantRules {
  /** A slug comes from the client: only those that are known count as tenants. */
  readonly known: ReadonlySet<string>;
  readonly above: number;
  readonly clear: number;
  /** Fewer requests of theirs say nothing. */
  readonly enough: Readonly<Record<Source, number>>;
}

/** Those whose own requests prove that they are affected. */
export const affectedTenants = ({ counts, source }: Recent, { known, above, enough }: TenantRules): string[] =>
  counts.tenants
    .filter(({ tenant, requests }) => known.has(tenant) && requests >= enough[source])
    .filter((each) => shareOf(each) > above)
    .map(({ tenant }) => tenant)
    .sort();

/**
 * Where nearly all errors are one tenant's and the other known ones are seen to be well: that tenant. Where they ask for
 * too little to say so, rollbackd's own requests do, if they fail for that tenant too: else they do not see the trouble.
 * A few errors prove nothing of the application unless they are two tenants'.
 */
export function onlyTenant({ counts, source, beside }: Recent, rules: TenantRules): string | undefined {
  const { above, enough } = rules;
  const [worst] = [...counts.tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.errors === 0 || worst.errors < 0.9 * counts.errors || worst.tenant === theRest) return undefined;
  const { tenant } = worst;
  const others = othersThan(tenant, counts, rules);
  if (areSick(others, rules)) return undefined;
  if (others.requests >= enough[source]) return tenant;
  if (source === 'synthetic') return undefined;
  const ownOthers = beside ? othersThan(tenant, beside, rules) : nobody;
  if (areSick(ownOthers, rules)) return undefined;
  if (counts.requests < enough.real && hasOthers(tenant, rules)) return tenant;
  const sick = beside?.tenants.find((each) => each.tenant === tenant);
  return sick && shareOf(sick) > above && ownOthers.requests >= enough.synthetic ? tenant : undefined;
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

const nobody: Counts = { requests: 0, errors: 0 };

const areSick = (counts: Counts, { clear }: TenantRules): boolean => counts.requests > 0 && shareOf(counts) > clear;

const hasOthers = (tenant: string, { known }: TenantRules): boolean => known.size > (known.has(tenant) ? 1 : 0);

const shareOf = ({ errors, requests }: Counts): number => errors / requests;

const othersThan = (one: string, { tenants }: RequestSlot, { known }: TenantRules): Counts =>
  tenants
    .filter(({ tenant }) => tenant !== one && known.has(tenant))
    .reduce(
      (sum, { requests, errors }) => ({ requests: sum.requests + requests, errors: sum.errors + errors }),
      nobody,
    );
