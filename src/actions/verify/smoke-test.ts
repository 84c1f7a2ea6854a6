import { type Action, StepFailed } from '../contract.ts';
import { servedTenants } from '../served-tenants.ts';
import { listAs } from './tenant-request.ts';

export const smokeTest: Action = {
  describe: ({ settings }) => ({
    title: 'Ask as every tenant through the balancer',
    commands: [],
    evidence: 'every tenant is answered',
    effect: 'one read request for each tenant',
    expectedMs: 100 * servedTenants(settings.target).length,
  }),

  async prove(context) {
    const { target, probes } = context.world.settings;
    const [route] = probes.legacy.routes.filter(({ trusted }) => trusted);
    if (!route) throw new StepFailed('refused', 'probes.legacy.routes names no trusted route to ask');
    let documents = 0;
    const tenants = servedTenants(target);
    for (const { slug } of tenants) {
      documents += (await listAs(context, { tenant: slug, route, entrance: 'public' })).documents.length;
    }
    return { tenants: tenants.length, documents };
  },
};
