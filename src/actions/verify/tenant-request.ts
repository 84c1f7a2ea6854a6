import { readPath } from '../../probes/json-path.ts';
import type { RouteConfig } from '../../probes/schema.ts';
import type { StepContext } from '../contract.ts';
import { StepFailed } from '../contract.ts';
import { until } from '../until.ts';

/** Where a question goes: past the balancer, or through it like a user's. */
export type Entrance = 'application' | 'public';

/** One list route asked as one tenant; the documents it answered with. */
export async function listAs(
  { world, signal }: StepContext,
  { tenant, route, entrance }: { tenant: string; route: RouteConfig; entrance: Entrance },
): Promise<{ documents: unknown[]; tookMs: number }> {
  const { target, probes } = world.settings;
  const reply = await world.ask(
    {
      baseUrl: entrance === 'public' ? target.publicUrl : target.applicationUrl,
      path: route.list,
      headers: { ...route.headers, [probes.tenantHeader]: tenant },
      timeoutMs: probes.timeout,
    },
    signal,
  );
  if (!reply.answered) throw new StepFailed('functional-test-failed', `${tenant}: ${route.list}: ${reply.why}`);
  if (reply.status !== 200)
    throw new StepFailed('functional-test-failed', `${tenant}: ${route.list}: status ${reply.status}`);
  return { documents: readPath(reply.body, route.documents), tookMs: reply.tookMs };
}

/** As long as it may take to come up: where its database was away, an application answers errors until it has connected again. */
export async function listOnceServed(context: StepContext, { tenant, route }: { tenant: string; route: RouteConfig }) {
  const { clock, settings } = context.world;
  const attempt = () =>
    listAs(context, { tenant, route, entrance: 'application' }).catch((error: unknown) => {
      if (error instanceof StepFailed) return error;
      throw error;
    });
  const seen = await until(attempt, (found) => !(found instanceof StepFailed), {
    forMs: settings.rollback.livenessTimeout,
    everyMs: 250,
    clock,
    signal: context.signal,
  });
  if (seen instanceof StepFailed) throw seen;
  return seen;
}
