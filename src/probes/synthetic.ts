import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import { maintenanceHeader } from '../adapters/traffic/switch.ts';
import type { Clock } from '../core/clock.ts';
import type { Observation } from '../model/observation.ts';
import type { Ask, Reply } from './ask.ts';
import { type Asked, isBalancersOwn } from './balancers-own.ts';
import type { Probe } from './contract.ts';
import { RequestCounter } from './count-requests.ts';
import { everyPair } from './every-pair.ts';
import { routeName } from './route-name.ts';
import type { ProbeSet, ProbesConfig, RouteConfig, TargetConfig } from './schema.ts';

export interface SyntheticDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** The version that is expected to run now. */
  readonly probeSet: () => ProbeSet;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus'>;
  readonly slotMs: number;
  readonly ask: Ask;
  readonly clock: Clock;
}

/** One request a look, as a user would make it, through the balancer: as each tenant on each route in turn. */
export function syntheticProbe(dependencies: SyntheticDependencies): Probe {
  const { target, probes, probeSet, traffic, slotMs, ask, clock } = dependencies;
  let turn = 0;
  return {
    name: 'synthetic',
    everyMs: probes.syntheticEvery,
    async look(signal) {
      const at = clock.now();
      const asked = inTurn(publicQuestions(probeSet(), target), turn);
      turn += 1;
      if (!asked) return [unobserved(at, 0, 'no route is configured that can be asked without a login')];
      const question = questionOf(asked, target, probes);
      const reply = await ask(question, signal);
      const blind = whyBlind(reply) ?? (await whyBalancersOwn(reply, { ask, question, target, traffic }, signal));
      if (blind) return [unobserved(at, reply.tookMs, blind)];
      const counter = new RequestCounter(slotMs);
      const failed = !reply.answered || reply.status >= 500;
      counter.count({ ...asked, at: clock.now(), outcome: failed ? 'failed' : 'well', durationMs: reply.tookMs });
      return [{ probe: 'synthetic', status: 'observed', at, tookMs: reply.tookMs, values: { slots: counter.slots() } }];
    },
  };
}

async function whyBalancersOwn(reply: Reply, asked: Asked, signal: AbortSignal): Promise<string | undefined> {
  return (await isBalancersOwn(reply, asked, signal))
    ? 'the balancer shows a maintenance answer of its own'
    : undefined;
}

const unobserved = (at: number, tookMs: number, reason: string): Observation => ({
  probe: 'synthetic',
  status: 'unobserved',
  at,
  tookMs,
  reason,
});

export function whyBlind(reply: Reply): string | undefined {
  // Nobody listens there: the balancer's trouble, which no rollback of the application would end.
  if (!reply.answered && reply.why === 'refused') return 'the balancer is not there';
  if (!reply.answered) return reply.why === 'other' ? 'the balancer could not be asked' : undefined;
  return maintenanceHeader in reply.headers ? 'the maintenance answer is shown' : undefined;
}

/** One thing that a tenant may ask without a login. */
export interface PublicQuestion {
  readonly tenant: string;
  /** As a log of real requests names it. */
  readonly route: string;
  readonly path: string;
  readonly headers: RouteConfig['headers'];
}

/** Each tenant on each route, in an order in which one failing route or tenant is a part of any slot and never the whole of one. */
export const publicQuestions = ({ routes }: ProbeSet, { tenants }: TargetConfig): PublicQuestion[] =>
  everyPair(
    tenants,
    routes.filter(({ needsLogin }) => !needsLogin),
  ).map(([{ slug }, { list, headers }]) => {
    const route = routeName('GET', list.split('?', 1)[0] ?? list);
    return { tenant: slug, route, path: list, headers };
  });

/** As a user asks: through the balancer. */
export const questionOf = (
  { tenant, path, headers }: PublicQuestion,
  { publicUrl }: TargetConfig,
  { tenantHeader, timeout }: ProbesConfig,
) => ({ baseUrl: publicUrl, path, headers: { ...headers, [tenantHeader]: tenant }, timeoutMs: timeout });

const inTurn = <T>(items: readonly T[], turn: number): T | undefined => items[turn % items.length];
