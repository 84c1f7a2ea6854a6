import { idValues } from '../../adapters/mongo/document-id.ts';
import { type LegacyHome, legacyHomes } from '../../adapters/mongo/legacy-homes.ts';
import { legacyTenantNames } from '../../adapters/mongo/legacy-tenants.ts';
import { storedIdFieldOf } from '../../adapters/mongo/ownership.ts';
import type { TenantNames } from '../../adapters/mongo/tenant-names.ts';
import { readPath } from '../../probes/json-path.ts';
import type { RouteConfig } from '../../probes/schema.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { servedTenants } from '../served-tenants.ts';
import { createAndDelete, deleteLeftovers } from './create-and-delete.ts';
import { logIn } from './login.ts';
import { listOnceServed } from './tenant-request.ts';

/** Runbook 5.1 and 5.2 for every tenant, before any user is let in. */
export const functionalTests: Action = {
  describe: ({ settings }) => ({
    title: `Test ${servedTenants(settings.target).length} tenants on the application's own port`,
    commands: settings.probes.legacy.routes.map(({ list }) => `GET ${list} as each tenant`),
    evidence:
      'every document answered is one of the tenant that asked, by the legacy databases; logins and creation work where configured',
    effect: settings.probes.legacy.creates ? 'one document for each tenant is created and deleted again' : 'nothing',
    expectedMs: 500 * servedTenants(settings.target).length,
  }),

  async prove(context) {
    const { target, probes } = context.world.settings;
    const unsettled = await deleteLeftovers(context);
    const names = await legacyTenantNames(context.world.legacy, context.world.settings.mongo, context.signal);
    const tenants = servedTenants(target);
    const sample = probes.legacy.login?.sample ?? tenants.length;
    const counts = { tenants: 0, documents: 0, logins: 0, loginsInconclusive: 0, created: 0 };
    for (const [position, tenant] of tenants.entries()) {
      counts.tenants += 1;
      counts.documents += await proveLists(context, tenant.slug, names);
      if (position >= sample || !tenant.login || !probes.legacy.login) continue;
      const login = await logIn(context, tenant);
      if (login.outcome === 'limited') counts.loginsInconclusive += 1;
      if (login.outcome !== 'in') continue;
      counts.logins += 1;
      counts.created += await createAndDelete(context, tenant.slug, login.token);
    }
    return { ...counts, ...(unsettled.length > 0 && { leftBehind: unsettled.join('; ') }) };
  },
};

/** How many documents were answered, every one of them the asker's own. */
async function proveLists(context: StepContext, tenant: string, names: TenantNames): Promise<number> {
  const routes = context.world.settings.probes.legacy.routes.filter(({ trusted }) => trusted);
  let documents = 0;
  for (const route of routes) {
    const answered = await listOnceServed(context, { tenant, route });
    const homes = legacyHomes(context.world.settings.mongo, names, { tenant, collection: route.collection });
    await proveOwn(context, { tenant, route, homes }, answered.documents);
    documents += answered.documents.length;
  }
  return documents;
}

interface Proving {
  readonly tenant: string;
  readonly route: RouteConfig;
  /** Where the tenant's documents lie. */
  readonly homes: readonly LegacyHome[];
}

async function proveOwn(context: StepContext, { tenant, route, homes }: Proving, documents: unknown[]): Promise<void> {
  if (homes.length === 0) {
    throw new StepFailed('functional-test-failed', `${tenant}: no legacy database has its ${route.collection}`);
  }
  const ids = documents.flatMap((document) => readPath(document, `$.${route.idField}`)).map(String);
  const own = await idsIn(context, homes, route, ids);
  const strangers = ids.filter((id) => !own.has(id));
  const places = homes.map(({ database }) => database).join(' and ');
  if (strangers.length > 0) {
    throw new StepFailed(
      'functional-test-failed',
      `${tenant}: ${route.list} answered ${strangers.length} documents that are not those of ${tenant} in ${places}`,
    );
  }
  if (ids.length > 0) return;
  const { legacy } = context.world;
  for (const { database, own: filter } of homes) {
    if ((await legacy.count({ database, collection: route.collection }, filter, context.signal)) === 0) continue;
    throw new StepFailed(
      'functional-test-failed',
      `${tenant}: ${route.list} answered nothing although ${database}.${route.collection} holds documents of ${tenant}`,
    );
  }
}

/** Those of the ids that the tenant may be shown. */
async function idsIn(
  { world, signal }: StepContext,
  homes: readonly LegacyHome[],
  route: RouteConfig,
  ids: readonly string[],
): Promise<Set<string>> {
  const stored = storedIdFieldOf(route);
  const own = new Set<string>();
  for (const { database, shown } of homes) {
    const filter = { ...shown, [stored]: { $in: ids.flatMap(idValues) } };
    const options = { fields: [stored], limit: ids.length };
    const found = await world.legacy.find({ database, collection: route.collection }, filter, options, signal);
    for (const document of found) own.add(String(document[stored]));
  }
  return own;
}
