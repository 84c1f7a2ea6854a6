import type { Clock } from '../core/clock.ts';
import type { Ask } from './ask.ts';
import type { Probe } from './contract.ts';
import { RequestCounter } from './count-requests.ts';
import { routeName } from './route-name.ts';
import type { ProbeSet, ProbesConfig, RouteConfig, TargetConfig } from './schema.ts';

export interface SyntheticDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** The version that is expected to run now. */
  readonly probeSet: () => ProbeSet;
  readonly slotMs: number;
  readonly ask: Ask;
  readonly clock: Clock;
}

/** One request a look, as a user would make it, through the balancer: each tenant on each route in turn. */
export function syntheticProbe(dependencies: SyntheticDependencies): Probe {
  const { target, probes, probeSet, slotMs, ask, clock } = dependencies;
  const counter = new RequestCounter(slotMs);
  let turn = 0;
  return {
    name: 'synthetic',
    everyMs: probes.syntheticEvery,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const question = inTurn(probeSet().routes, target, turn);
      turn += 1;
      if (!question) {
        return [{ probe: 'synthetic', status: 'unobserved', at, tookMs: 0, reason: 'no route is configured' }];
      }
      const { route, tenant } = question;
      const headers = { ...route.headers, [probes.tenantHeader]: tenant };
      const reply = await ask(
        { baseUrl: target.publicUrl, path: route.list, headers, timeoutMs: probes.timeout },
        signal,
      );
      const tookMs = clock.monotonic() - started;
      if (!reply.answered && reply.why === 'other') {
        return [{ probe: 'synthetic', status: 'unobserved', at, tookMs, reason: 'the balancer could not be asked' }];
      }
      counter.count({
        at: clock.now(),
        route: routeName('GET', route.list.split('?', 1)[0] ?? route.list),
        tenant,
        failed: !reply.answered || reply.status >= 500,
        durationMs: reply.tookMs,
      });
      return [{ probe: 'synthetic', status: 'observed', at, tookMs, values: { slots: counter.take() } }];
    },
  };
}

function inTurn(routes: readonly RouteConfig[], { tenants }: TargetConfig, turn: number) {
  const open = routes.filter(({ needsLogin }) => !needsLogin);
  const tenant = tenants[turn % tenants.length];
  const route = open[Math.floor(turn / tenants.length) % open.length];
  return tenant && route ? { tenant: tenant.slug, route } : undefined;
}
