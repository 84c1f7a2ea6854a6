import type { Sandbox } from '../sandbox.ts';
import { type Pace, paceOf } from './pace.ts';

/** `probes` of the configuration. `prometheusUrl`: where real requests are counted, if there. */
export function probesOf({ temperament, mongo, tenants }: Sandbox, pace: Pace, prometheusUrl?: string) {
  const tidy = temperament === 'tidy';
  const menu = {
    name: 'menu',
    list: '/api/menu',
    one: '/api/menu/{id}',
    collection: 'menuitems',
    sameWhen: ['id', 'name', 'price'],
    trusted: true,
    refusesWithoutTenant: [400],
  };
  const settings = {
    name: 'settings',
    list: '/api/settings',
    documents: '$.data[*]',
    collection: 'menuitems',
    trusted: false,
  };
  const routes = tidy ? [menu] : [menu, { ...settings, leakedBefore: true }];
  const unifiedHealth = {
    path: '/health',
    databaseConnected: '$.database.connected',
    expectJson: { '$.database.connected': true, '$.database.name': mongo.unifiedDatabase },
  };
  const legacyHealth = { path: tidy ? '/health' : '/api/tenants' };
  return {
    controlEvery: paceOf('probes.controlEvery', pace),
    healthEvery: paceOf('probes.healthEvery', pace),
    isolationEvery: paceOf('probes.isolationEvery', pace),
    mongoEvery: paceOf('probes.mongoEvery', pace),
    requestsEvery: paceOf('probes.requestsEvery', pace),
    syntheticEvery: prometheusUrl ? seldom : paceOf('probes.syntheticEvery', pace),
    ...(prometheusUrl && { prometheus: prometheusOf(prometheusUrl) }),
    timeout: '3s',
    // The rough balancer answers /health with its index page: nothing of the application's is seen there.
    unified: {
      health: unifiedHealth,
      ...(!tidy && { balancer: { path: '/api/tenants' } }),
      routes,
      // The rough café lets an address log in five times in three minutes: too seldom to see anything.
      ...(tidy && { journeys: [logIn(tenants, pace)] }),
    },
    legacy: {
      health: legacyHealth,
      routes,
      login: {
        path: '/api/auth/login',
        body: { email: '{email}', password: '{password}', tenant: '{tenant}' },
        ...(!tidy && { sample: 3 }),
      },
      creates: {
        path: '/api/menu',
        body: { name: 'rollbackd test item', price: 10_000, category: 'other' },
        markIn: 'name',
        delete: '/api/menu/{id}',
      },
    },
  };
}

/** So few that they tell nothing before Prometheus does. */
const seldom = '10s';

function prometheusOf(url: string) {
  const failed = 'sum(rate(cafe_requests_total{status=~"5..|0"}[4s]))';
  const query = `(${failed} or vector(0)) / sum(rate(cafe_requests_total[4s]))`;
  const newest = 'max(timestamp(cafe_requests_total))';
  return {
    url,
    every: '500ms',
    oldest: '5s',
    queries: [{ name: 'failed requests', measure: 'error-rate', query, newest }],
  };
}

/** As some tenants in turn, so that each has its turn often enough. */
function logIn(tenants: Sandbox['tenants'], pace: Pace) {
  return {
    name: 'log in',
    every: paceOf('probes.unified.journeys.every', pace),
    tenants: tenants.slice(0, 3).map(({ slug }) => slug),
    steps: [
      {
        name: 'log in',
        path: '/api/auth/login',
        method: 'POST',
        changesNothing: true,
        body: { email: '{email}', password: '{password}', tenant: '{tenant}' },
        expectJson: { '$.success': true },
      },
    ],
  };
}
