import { z } from 'zod';
import { formatInstant } from '../instant.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples, TenantsLook } from '../samples/samples.ts';
import { criterion, type JudgeInput, type Said } from './criterion.ts';

const settings = z.strictObject({
  samples: z.int().min(2).default(2).describe('So many looks in a row must miss the same tenant.'),
  tenants: z.int().min(2).default(2).describe('So many missing tenants are a breach; fewer are told.'),
});
type Settings = z.infer<typeof settings>;

/** The source that says whom the unified application serves, and the one that says whom it should. */
const served = 'unified tenants';
const configured = 'configuration';

/** A migration that has left tenants behind: some of them exist, and some do not. */
export const tenantsMissing = criterion({
  name: 'tenants-missing',
  tier: 'moderate',
  settings,
  about: 'Moderate: configured tenants are missing from the tenants of the unified database.',
  mends: 'isolation',
  judge(input, rules) {
    const { samples, version, from } = input;
    const looks = version === 'unified' ? lastLooks(samples, from, rules.samples) : [];
    const missing = missingIn(looks);
    const [first] = looks;
    return {
      value: missing.length,
      threshold: rules.tenants,
      unit: 'tenants',
      samples: looks.length,
      windowMs: 0,
      tenants: missing,
      ...(first && missing.length > 0 && { since: first.at }),
      ...(whyStale(looks, input) ?? findingOf(looks, missing, version, rules)),
    };
  },
});

const lastLooks = ({ tenants }: Samples, from: number, count: number): TenantsLook[] =>
  tenants.filter(({ at }) => at >= from).slice(-count);

/** By every one of the looks. */
function missingIn(looks: readonly TenantsLook[]): string[] {
  const perLook = looks.map(({ tenants }) =>
    tenants
      .filter(({ knownTo, missingFrom }) => knownTo.includes(configured) && missingFrom.includes(served))
      .map(({ slug }) => slug),
  );
  const [first = [], ...others] = perLook;
  return first.filter((slug) => others.every((each) => each.includes(slug)));
}

/** What was compared long ago says nothing of now. */
function whyStale(looks: readonly TenantsLook[], { samples, now }: JudgeInput): Said | undefined {
  const last = looks.at(-1);
  if (!last || now - last.at <= neighbourhood(samples.limits.tenantsEvery)) return undefined;
  return { verdict: 'inconclusive', reason: `the tenants have not been compared since ${formatInstant(last.at)}` };
}

function findingOf(looks: readonly TenantsLook[], missing: readonly string[], version: string, rules: Settings): Said {
  const last = looks.at(-1);
  if (version !== 'unified')
    return { verdict: 'clear', reason: 'the legacy system runs: it keeps no common list of tenants' };
  if (!last) return { verdict: 'inconclusive', reason: 'the tenants have not been compared yet' };
  if (missing.length === 0) return { verdict: 'clear', reason: 'every configured tenant is in the unified database' };
  if (!last.tenants.some(({ knownTo }) => knownTo.includes(served))) {
    const reason = 'the unified database names no tenant at all: see mongo.unified and its collection of tenants';
    return { verdict: 'inconclusive', told: true, reason };
  }
  const reason = `missing from the unified database: ${missing.join(', ')}`;
  if (looks.length < rules.samples) return { verdict: 'pending', reason };
  if (missing.length >= rules.tenants) return { verdict: 'breach', reason };
  return {
    verdict: 'exempt',
    exemptBecause: 'one-tenant',
    told: true,
    reason: `${reason}; one tenant is no reason for a rollback`,
  };
}
