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
 */
export function onlyTenant({ counts, source, beside }: Recent, rules: TenantRules): string | undefined {
  const { above, clear, enough } = rules;
  const [worst] = [...counts.tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.errors === 0 || worst.errors < 0.9 * counts.errors || worst.tenant === theRest) return undefined;
  const { tenant } = worst;
  const others = othersThan(tenant, counts, rules);
  if (others.requests >= enough[source]) return shareOf(others) <= clear ? tenant : undefined;
  const own = source === 'real' ? beside : undefined;
  const sick = own?.tenants.find((each) => each.tenant === tenant);
  if (!own || !sick || shareOf(sick) <= above) return undefined;
  const wellOnes = othersThan(tenant, own, rules);
  return wellOnes.requests >= enough.synthetic && shareOf(wellOnes) <= clear ? tenant : undefined;
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

const shareOf = ({ errors, requests }: Counts): number => errors / requests;

const othersThan = (one: string, { tenants }: RequestSlot, { known }: TenantRules): Counts =>
  tenants
    .filter(({ tenant }) => tenant !== one && known.has(tenant))
    .reduce((sum, { requests, errors }) => ({ requests: sum.requests + requests, errors: sum.errors + errors }), {
      requests: 0,
      errors: 0,
    });
