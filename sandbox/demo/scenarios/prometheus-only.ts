import { findPrometheus, startPrometheus } from '../../servers/prometheus.ts';
import { exportTraffic } from '../../traffic/export-traffic.ts';
import type { Stage } from '../stage.ts';
import { askedOnce } from './asked-once.ts';
import type { Outcome } from './outcome.ts';

/** Nothing tells of real requests but a Prometheus. Where that is not installed there is nothing to show. */
export async function prometheusOnly(stage: Stage): Promise<Outcome> {
  const { sandbox, say } = stage;
  const found = findPrometheus();
  if ('absent' in found) {
    say(`skipped: ${found.absent}`);
    return { amiss: [], skipped: found.absent, status: undefined, perTenant: [] };
  }
  await using exporter = await exportTraffic(sandbox.traffic);
  await using prometheus = await startPrometheus({
    workspace: { root: sandbox.root, ...sandbox.workspace },
    program: found.program,
    scrapes: exporter.url,
  });
  say(`Prometheus counts what customers get: ${prometheus.url}`);
  await stage.restartDaemon({ prometheusUrl: prometheus.url });
  return await askedOnce(stage, {
    fault: 'errors',
    what: 'fault: three of ten requests fail, and rollbackd reads no access log',
    criterion: 'error-rate-severe',
    tier: 'severe',
    diagnosis: 'Prometheus says',
  });
}
