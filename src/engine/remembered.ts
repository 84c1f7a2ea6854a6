import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import type { Observation } from '../model/observation.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { sampleLimits } from '../rules/samples/limits.ts';
import type { EngineSettings } from './judge.ts';

/**
 * What was seen before this start. Health from further back than the rest: whether the balancer was up before an
 * outage decides whether it is a witness; isolation as well: a leak is not forgotten by a restart. Without the looks of
 * the control probe an old outage proves nothing else.
 */
export function remembered(
  recorder: Pick<Recorder, 'since'>,
  { rules, probes, traffic }: Pick<EngineSettings, 'rules' | 'probes'> & { traffic: Pick<TrafficConfig, 'accessLog'> },
  now: number,
): Observation[] {
  const longest = Math.max(rules.unavailable.within, ...rules.requests.windows.map(({ over }) => over));
  const recent = now - 4 * longest;
  const reach = now - sampleLimits(rules, probes).ageMs;
  const seen = [
    ...recorder.since(reach, ['health', 'isolation']).filter(({ at }) => at < recent),
    ...recorder.since(recent),
  ];
  // Nobody reads a log that is configured no more: that it could not be read is no reason for doubt, nor to be told.
  return traffic.accessLog ? seen : seen.filter(({ probe }) => probe !== 'requests');
}
