import type { Answer } from '../model/observation.ts';
import { describeAnswer, judgeReply } from '../probes/ask.ts';
import { askHealth } from '../probes/ask-health.ts';
import type { ProbeSet } from '../probes/schema.ts';
import { servedTenants } from './served-tenants.ts';
import { steadily } from './until.ts';
import type { World } from './world.ts';

interface Asked {
  readonly path: string;
  readonly answer: Answer;
}

export interface ServedPublicly {
  readonly steady: boolean;
  readonly status: number;
  /** The last answer in words. */
  readonly seen: string;
}

/** Whether users are served: asked through the balancer as they are, until it has been good ten times in a row or the time is up. */
export async function servedPublicly(world: World, version: ProbeSet, signal: AbortSignal): Promise<ServedPublicly> {
  const { traffic } = world.settings;
  const { seen, steady } = await steadily(
    () => askPublicly(world, version, signal),
    ({ answer }) => answer.outcome === 'up',
    { forMs: traffic.timeout, everyMs: 50, clock: world.clock, signal },
  );
  return { steady, status: seen.answer.status ?? 0, seen: `${seen.path}: ${describeAnswer(seen.answer)}` };
}

/** By its health; where the balancer keeps that path to itself, by a list that a tenant is served. */
async function askPublicly(world: World, version: ProbeSet, signal: AbortSignal): Promise<Asked> {
  const { target, probes } = world.settings;
  const { health, routes } = version;
  const question = { baseUrl: target.publicUrl, timeoutMs: probes.timeout };
  const answer = await askHealth(world.ask, { ...question, health }, signal);
  const route = routes.find(({ trusted }) => trusted);
  const [tenant] = servedTenants(target);
  if (answer.outcome === 'up' || !route || !tenant) return { path: health.path, answer };
  const headers = { ...route.headers, [probes.tenantHeader]: tenant.slug };
  const reply = await world.ask({ ...question, path: route.list, headers }, signal);
  return { path: route.list, answer: judgeReply(reply, { expectStatus: [200], expectJson: {} }) };
}
