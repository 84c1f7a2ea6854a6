/** Settings that the demo compresses so that a person can watch it, or loosens for a small busy machine, each beside its default. */
export interface CompressedSetting {
  readonly setting: string;
  readonly demo: string;
  readonly usual: string;
}

export const compressed: readonly CompressedSetting[] = [
  { setting: 'probes.controlEvery', demo: '500ms', usual: '5s' },
  { setting: 'probes.healthEvery', demo: '1s', usual: '10s' },
  { setting: 'probes.isolationEvery', demo: '1s', usual: '30s' },
  { setting: 'probes.mongoEvery', demo: '1s', usual: '15s' },
  { setting: 'probes.requestsEvery', demo: '500ms', usual: '5s' },
  { setting: 'probes.syntheticEvery', demo: '500ms', usual: '5s' },
  { setting: 'probes.unified.journeys.every', demo: '1s', usual: '1m' },
  { setting: 'rules.flapping.within', demo: '90s', usual: '1h' },
  { setting: 'rules.unavailable.for', demo: '10s', usual: '15m' },
  { setting: 'rules.unavailable.within', demo: '14s', usual: '20m' },
  { setting: 'rules.unavailable.clearFor', demo: '3s', usual: '1m' },
  { setting: 'rules.unavailable.warnAfter', demo: '2s', usual: '2m' },
  { setting: 'rules.unavailable.errorsAfter', demo: '5s', usual: '4m' },
  { setting: 'rules.requests.slot', demo: '1s', usual: '5s' },
  {
    setting: 'rules.requests.windows, first',
    demo: '{ over: 6s, odds: 1000, failures: 5, parts: 5 }',
    usual: '{ over: 3m, odds: 10000 }',
  },
  {
    setting: 'rules.requests.windows, second',
    demo: '{ over: 12s, odds: 100, failures: 5, parts: 5 }',
    usual: '{ over: 10m, odds: 1000, parts: 5 }',
  },
  {
    setting: 'rules.requests.windows, third',
    demo: '{ over: 24s, odds: 100, failures: 5, parts: 5 }',
    usual: '{ over: 30m, odds: 300, parts: 5 }',
  },
  {
    setting: 'rules.requests.windows, fourth',
    demo: '{ over: 24s, odds: 5, parts: 4, failures: 15, halfOdds: 1 }',
    usual: '{ over: 30m, odds: 5, parts: 4, failures: 30, halfOdds: 1 }',
  },
  { setting: 'rules.latency-severe.asksAfter', demo: '3s', usual: '30m' },
  { setting: 'rules.latency-moderate.asksAfter', demo: '3s', usual: '30m' },
  { setting: 'rules.database-connection.for', demo: '6s', usual: '2m' },
  { setting: 'rules.database-connection.within', demo: '10s', usual: '5m' },
  { setting: 'rules.database-connection.clearFor', demo: '8s', usual: '1m' },
  {
    setting: 'rules.feature-breakage',
    demo: '{ windows: [6s, 12s], odds: 20, failures: 5 }',
    usual: '{ windows: [30m, 1h], odds: 1000, failures: 8 }',
  },
  { setting: 'rollback.settle', demo: '2s', usual: '5s' },
  { setting: 'rollback.responseTimeLimit', demo: '2s', usual: '100ms' },
  { setting: 'watch.duration', demo: '5s', usual: '2h' },
];

/** `demo`: compressed; `usual`: as a user's installation has it by default. */
export type Pace = 'demo' | 'usual';

export function paceOf(setting: string, pace: Pace): string {
  const found = compressed.find((each) => each.setting === setting);
  if (!found) throw new TypeError(`${setting} is not compressed`);
  return found[pace];
}
