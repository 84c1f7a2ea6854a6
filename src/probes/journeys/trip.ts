import { randomBytes } from 'node:crypto';
import type { TrafficConfig } from '../../adapters/traffic/schema.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ask, Question, Reply } from '../ask.ts';
import { isBalancersOwn } from '../balancers-own.ts';
import type { ProbeSet, ProbesConfig, TargetConfig } from '../schema.ts';
import { whyBlind } from '../synthetic.ts';
import type { Logins } from './logins.ts';
import type { JourneyConfig, JourneyStep } from './schema.ts';
import { fill, fillHeaders, fillPath, type Variables } from './variables.ts';

export interface TripDependencies {
  readonly target: TargetConfig;
  readonly probes: Pick<ProbesConfig, 'tenantHeader' | 'timeout'>;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus'>;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly logins: Logins;
}

/** One journey as one tenant, now. */
export interface Trip extends TripDependencies {
  readonly journey: JourneyConfig;
  readonly probeSet: Pick<ProbeSet, 'health' | 'balancer'>;
  readonly tenant: TargetConfig['tenants'][number];
  /** A word that stands in nothing else, by which people find what was created. */
  readonly mark: string;
  /** By the monotonic clock. */
  readonly endsAt: number;
}

export const newMark = (): string => `rbk${randomBytes(5).toString('hex')}`;

/** The variables that every step has. */
export function givenVariables({ tenant, mark }: Pick<Trip, 'tenant' | 'mark'>): Variables {
  const { slug, login } = tenant;
  return { tenant: slug, mark, ...(login && { email: login.email, password: login.password.reveal() }) };
}

type Asked = Pick<JourneyStep, 'path' | 'method' | 'headers' | 'body'>;

/** As a user asks: through the balancer. */
export function questionOf(trip: Trip, asked: Asked, variables: Variables, timeoutMs: number): Question {
  const { target, probes, tenant } = trip;
  return {
    baseUrl: target.publicUrl,
    path: fillPath(asked.path, variables),
    method: asked.method,
    headers: { ...fillHeaders(asked.headers, variables), [probes.tenantHeader]: tenant.slug },
    body: fill(asked.body, variables),
    timeoutMs,
  };
}

/** Why a reply says nothing about the application. */
export async function whySaysNothing(trip: Trip, reply: Reply, signal: AbortSignal): Promise<string | undefined> {
  const blind = whyBlind(reply);
  if (blind) return blind;
  const { ask, target, traffic, probes, probeSet } = trip;
  if (!reply.answered || reply.status !== traffic.maintenanceStatus) return undefined;
  // A step may change something, so that it is not asked again: the question about health stands in for it.
  const { path, method, headers } = probeSet.balancer ?? probeSet.health;
  const question = { baseUrl: target.publicUrl, path, method, headers, timeoutMs: probes.timeout };
  const shown = await ask(question, signal);
  return (await isBalancersOwn(shown, { ask, question, target, traffic }, signal))
    ? 'the balancer shows a maintenance answer of its own'
    : undefined;
}
