import { createMetrics, type MetricsOptions } from '../../src/metrics/metrics.ts';
import type { EventBody, JournalEvent } from '../../src/model/event.ts';
import { probeName } from '../../src/model/observation.ts';
import { criterionNames } from '../../src/rules/criteria/list.ts';

export const noon = Date.UTC(2026, 0, 15, 12);

/** Every probe has something to look at. */
export function metricsOf(overrides: Partial<MetricsOptions> = {}) {
  const metrics = createMetrics({
    criteria: criterionNames,
    version: '1.2.3',
    tenants: ['negoes', 'lagoa'],
    channels: ['log', 'webhook'],
    clock: { now: () => noon },
    ...overrides,
  });
  metrics.watching(probeName.options);
  return metrics;
}

/** Events as the journal hands them out, one second apart. */
export function eventsOf(...bodies: EventBody[]): JournalEvent[] {
  return bodies.map((body, index) => ({ seq: index + 1, at: noon + index * 1_000, body, hash: String(index) }));
}

/** The samples of our own metrics: `name{labels}` -> value. */
export async function samples(metrics: { render(): Promise<string> }): Promise<Record<string, number>> {
  const lines = (await metrics.render()).split('\n').filter((line) => line.startsWith('rollbackd_'));
  return Object.fromEntries(
    lines.map((line) => line.match(/^(.*) (\S+)$/)?.slice(1) ?? []).map(([name, value]) => [name, Number(value)]),
  );
}
