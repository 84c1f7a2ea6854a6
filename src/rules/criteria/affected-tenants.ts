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

/** One tenant's trouble: the others are seen to be well, or so little is seen of them that the trouble proves nothing of the application. */
export interface LoneTenant {
  readonly tenant: string;
  readonly because: 'one-tenant' | 'only-one-seen';
}

/**
 * Where nearly all errors are one tenant's and the other known ones are seen to be well: that tenant. Where they ask for
 * too little to say so, rollbackd's own requests do, if they fail for that tenant too: else they do not see the trouble.
 * A few errors prove nothing of the application unless they are two tenants', once in the whole of the trouble.
 */
export function loneTenant(
  { counts, source, beside }: Recent,
  whole: RequestSlot | undefined,
  rules: TenantRules,
): LoneTenant | undefined {
  const { above, enough } = rules;
  const tenant = mostlyOf(counts);
  if (tenant === undefined) return undefined;
  const others = othersThan(tenant, counts, rules);
  if (areSick(others, enough[source], rules)) return undefined;
  if (others.requests >= enough[source]) return { tenant, because: 'one-tenant' };
  if (source === 'synthetic') return undefined;
  const ownOthers = beside ? othersThan(tenant, beside, rules) : nobody;
  if (areSick(ownOthers, enough.synthetic, rules)) return undefined;
  const sick = beside?.tenants.find((each) => each.tenant === tenant);
  if (sick && shareOf(sick) > above && ownOthers.requests >= enough.synthetic) return { tenant, because: 'one-tenant' };
  const isFew = counts.requests < enough.real && hasOthers(tenant, rules);
  return isFew && whole && mostlyOf(whole) === tenant ? { tenant, because: 'only-one-seen' } : undefined;
}

/** Whose nine tenths of the errors are. */
function mostlyOf({ errors, tenants }: RequestSlot): string | undefined {
  const [worst] = [...tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.errors === 0 || worst.errors < 0.9 * errors || worst.tenant === theRest) return undefined;
  return worst.tenant;
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

const nobody: Counts = { requests: 0, errors: 0 };

/** Fewer than `enough` are sick only where most of them fail, and not by chance: a stray error is everyday. */
function areSick({ requests, errors }: Counts, enough: number, { clear }: TenantRules): boolean {
  const share = shareOf({ requests, errors });
  return requests >= enough ? share > clear : errors >= 2 && share >= 0.5;
}

const hasOthers = (tenant: string, { known }: TenantRules): boolean => known.size > (known.has(tenant) ? 1 : 0);

const shareOf = ({ errors, requests }: Counts): number => (requests === 0 ? 0 : errors / requests);

const othersThan = (one: string, { tenants }: RequestSlot, { known }: TenantRules): Counts =>
  tenants
    .filter(({ tenant }) => tenant !== one && known.has(tenant))
    .reduce(
      (sum, { requests, errors }) => ({ requests: sum.requests + requests, errors: sum.errors + errors }),
      nobody,
    );
