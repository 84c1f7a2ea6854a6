import { expect, test } from 'vitest';
import { trafficSchema } from '../../src/adapters/traffic/schema.ts';
import { probeName } from '../../src/model/observation.ts';
import { probesAtWork } from '../../src/probes/at-work.ts';
import { menu, type ProbesInput, probesOf, targetOf } from './settings.ts';

const target = targetOf('http://127.0.0.1:1', ['kopi']);
const traffic = trafficSchema.parse({
  adapter: 'nginx',
  maintenanceFile: '/var/lib/rollbackd-traffic/maintenance',
  accessLog: { file: '/var/log/nginx/rollbackd.log' },
});

type Journeys = NonNullable<ProbesInput['unified']['journeys']>;
const journeys: Journeys = [{ name: 'look', steps: [{ name: 'menu', path: '/api/menu' }] }];

const prometheus: ProbesInput['prometheus'] = {
  url: 'http://127.0.0.1:9090',
  queries: [{ name: 'errors', measure: 'error-rate', query: 'e' }],
};

/** With a Prometheus, and the same journeys for both versions. */
const withRoutes = (unified: readonly (typeof menu)[], legacy: readonly (typeof menu)[]) =>
  probesOf({
    prometheus,
    unified: { health: { path: '/health' }, routes: [...unified], journeys },
    legacy: { health: { path: '/api/tenants' }, routes: [...legacy], journeys },
  });

/** Those that have nothing to look at. */
const idle = (
  settings: Omit<Parameters<typeof probesAtWork>[0], 'target'>,
  version: 'unified' | 'legacy' = 'unified',
) => {
  const busy = probesAtWork({ target, ...settings }, version);
  return probeName.options.filter((probe) => !busy.includes(probe));
};

test('with an access log, a Prometheus, journeys and a route that anybody may ask, every probe has something to look at', () => {
  expect(idle({ probes: withRoutes([menu], [menu]), traffic })).toEqual([]);
});

test('without a Prometheus and without journeys of the version that runs, there is nothing to ask either', () => {
  expect(idle({ probes: probesOf(), traffic })).toEqual(['prometheus', 'journeys']);
  const legacy = { health: { path: '/api/tenants' }, routes: [menu], journeys };
  expect(idle({ probes: probesOf({ legacy }), traffic })).toContain('journeys');
  expect(idle({ probes: probesOf({ legacy }), traffic }, 'legacy')).toEqual(['prometheus']);
});

test('without an access log there are no requests to read', () => {
  expect(idle({ probes: withRoutes([menu], [menu]), traffic: {} })).toEqual(['requests']);
});

test('where every route needs a login there is nothing to ask as a user would', () => {
  const probes = withRoutes([{ ...menu, needsLogin: true }], [menu]);
  expect(idle({ probes, traffic })).toEqual(['synthetic']);
});

test('it is the version that is expected to run whose routes count', () => {
  const probes = withRoutes([menu], []);
  expect(idle({ probes, traffic })).toEqual([]);
  expect(idle({ probes, traffic }, 'legacy')).toEqual(['isolation', 'synthetic']);
});
