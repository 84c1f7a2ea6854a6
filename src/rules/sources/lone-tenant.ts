import { type RequestSlot, theRest } from '../../model/request-slot.ts';

export interface TenantRules {
  /** A slug comes from the client: only those that are known count as tenants. */
  readonly known: ReadonlySet<string>;
  readonly above: number;
  readonly clear: number;
}

/** One tenant's trouble: the others are seen to be well, or so little is seen of them that it proves nothing of the application. */
export interface LoneTenant {
  readonly tenant: string;
  readonly because: 'one-tenant' | 'only-one-seen';
}

/** So many failures of the others are no accident. */
const fewFailures = 3;
/** So many requests of the others that go well say that they are well. */
const enoughWell = 20;

/** Trouble is the application's only where it is there without the tenant that has most of it. */
export function loneTenant(slot: RequestSlot, { known, clear }: TenantRules): LoneTenant | undefined {
  const [worst] = [...slot.tenants].sort((a, b) => b.errors - a.errors);
  if (!worst || worst.tenant === theRest || isOnly(worst.tenant, known)) return undefined;
  const requests = slot.requests - worst.requests;
  const errors = slot.errors - worst.errors;
  if (worst.errors <= errors || (errors >= fewFailures && errors > clear * requests)) return undefined;
  return { tenant: worst.tenant, because: requests >= enoughWell ? 'one-tenant' : 'only-one-seen' };
}

const isOnly = (tenant: string, known: ReadonlySet<string>): boolean => known.size === 1 && known.has(tenant);

export const inWords = ({ tenant, because }: LoneTenant): string =>
  because === 'one-tenant'
    ? `only ${tenant} is affected: one tenant is no reason for a rollback`
    : `only ${tenant} sent requests, and they failed: too little is seen of other tenants`;

/** Those whose own requests show that they are affected: to be named, it decides nothing. */
export const affectedTenants = ({ tenants }: RequestSlot, { known, above }: TenantRules): string[] =>
  tenants
    .filter(({ tenant, requests, errors }) => known.has(tenant) && errors >= fewFailures && errors > above * requests)
    .map(({ tenant }) => tenant)
    .sort();
