import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import { type ProbeName, probeName } from '../model/observation.ts';
import type { Version } from '../model/version.ts';
import type { ProbesConfig, TargetConfig } from './schema.ts';
import { publicQuestions } from './synthetic.ts';

interface ProbeSettings {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly traffic: Pick<TrafficConfig, 'accessLog'>;
}

/** The probes to which the configuration gives something to look at while this version runs: the others cannot be blind. */
export function probesAtWork({ target, probes, traffic }: ProbeSettings, version: Version): ProbeName[] {
  const hasWork: Partial<Record<ProbeName, boolean>> = {
    requests: traffic.accessLog !== undefined,
    isolation: probes[version].routes.length > 0,
    journeys: probes[version].journeys.length > 0,
    prometheus: probes.prometheus !== undefined,
    synthetic: publicQuestions(probes[version], target).length > 0,
  };
  return probeName.options.filter((probe) => hasWork[probe] ?? true);
}
