/** Settings that the demo compresses so that a person can watch it, or loosens for a small busy machine, each beside its default. */
export interface CompressedSetting {
  readonly setting: string;
  readonly demo: string;
  readonly usual: string;
}

export const compressed: readonly CompressedSetting[] = [
  { setting: 'probes.controlEvery', demo: '500ms', usual: '5s' },
  { setting: 'probes.healthEvery', demo: '500ms', usual: '10s' },
  { setting: 'probes.isolationEvery', demo: '1s', usual: '30s' },
  { setting: 'probes.mongoEvery', demo: '1s', usual: '15s' },
  { setting: 'rules.unavailable.after', demo: '10s', usual: '15m' },
  { setting: 'rules.unavailable.clearAfter', demo: '3s', usual: '1m' },
  { setting: 'probes.requestsEvery', demo: '500ms', usual: '5s' },
  { setting: 'probes.syntheticEvery', demo: '500ms', usual: '5s' },
  { setting: 'rules.requests.slot', demo: '2s', usual: '1m' },
  { setting: 'rules.requests.samples', demo: '15', usual: '50' },
  { setting: 'rules.requests.syntheticSamples', demo: '3', usual: '10' },
  { setting: 'rules.database-connection.after', demo: '6s', usual: '2m' },
  { setting: 'rules.database-connection.clearAfter', demo: '3s', usual: '1m' },
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
