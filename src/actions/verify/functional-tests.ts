import { idValues } from '../../adapters/mongo/document-id.ts';
import { storedIdFieldOf } from '../../adapters/mongo/ownership.ts';
import { readPath } from '../../probes/json-path.ts';
import type { RouteConfig } from '../../probes/schema.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { servedTenants } from '../served-tenants.ts';
import { createAndDelete, deleteLeftovers } from './create-and-delete.ts';
import { logIn } from './login.ts';
import { databaseOf, listAs } from './tenant-request.ts';

/** Runbook 5.1 and 5.2 for every tenant, before any user is let in. */
export const functionalTests: Action = {
  describe: ({ settings }) => ({
    title: `Test ${servedTenants(settings.target).length} tenants on the application's own port`,
    commands: settings.probes.legacy.routes.map(({ list }) => `GET ${list} as each tenant`),
    evidence:
      'every document answered lies in the database of the tenant that asked; logins and creation work where configured',
    effect: settings.probes.legacy.creates ? 'one document for each tenant is created and deleted again' : 'nothing',
    expectedMs: 500 * servedTenants(settings.target).length,
  }),

  async prove(context) {
    const { target, probes } = context.world.settings;
    const unsettled = await deleteLeftovers(context);
    const tenants = servedTenants(target);
    const sample = probes.legacy.login?.sample ?? tenants.length;
    const counts = { tenants: 0, documents: 0, logins: 0, loginsInconclusive: 0, created: 0 };
    for (const [position, tenant] of tenants.entries()) {
      counts.tenants += 1;
      counts.documents += await proveLists(context, tenant.slug);
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
async function proveLists(context: StepContext, tenant: string): Promise<number> {
  const routes = context.world.settings.probes.legacy.routes.filter(({ trusted }) => trusted);
  let documents = 0;
  for (const route of routes) {
    const answered = await listAs(context, { tenant, route, entrance: 'application' });
    await proveOwn(context, tenant, route, answered.documents);
    documents += answered.documents.length;
  }
  return documents;
}

async function proveOwn(context: StepContext, tenant: string, route: RouteConfig, documents: unknown[]): Promise<void> {
  const database = databaseOf(context, tenant);
  const ids = documents.flatMap((document) => readPath(document, `$.${route.idField}`)).map(String);
  const stored = storedIdFieldOf(route);
  const namespace = { database, collection: route.collection };
  const found = await context.world.legacy.find(
    namespace,
    { [stored]: { $in: ids.flatMap(idValues) } },
    { fields: [stored], limit: ids.length },
    context.signal,
  );
  const own = new Set(found.map((document) => String(document[stored])));
  const strangers = ids.filter((id) => !own.has(id));
  if (strangers.length > 0) {
    throw new StepFailed(
      'functional-test-failed',
      `${tenant}: ${route.list} answered ${strangers.length} documents that are not in ${database}`,
    );
  }
  if (ids.length === 0 && (await context.world.legacy.count(namespace, {}, context.signal)) > 0) {
    throw new StepFailed(
      'functional-test-failed',
      `${tenant}: ${route.list} answered nothing although ${database}.${route.collection} holds documents`,
    );
  }
}
