import { join } from 'node:path';
import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import { knownLatencies } from '../baseline/latency.ts';
import type { LatencyBaselineConfig } from '../baseline/schema.ts';
import type { Mode } from '../model/mode.ts';
import type { ProbesConfig, TargetConfig } from '../probes/schema.ts';
import { forEver } from './assumed-world.ts';
import { Faults, type InputFault } from './inputs/faults.ts';
import type { InputFormat, Measure } from './inputs/input.ts';
import { unreadable } from './inputs/lines.ts';
import { openInput } from './inputs/open-input.ts';
import { LookBack, type Past } from './look-back.ts';
import type { EngineSettings } from './pure-half.ts';

export type { Act } from './act.ts';
export { actNames } from './act.ts';
export { type Pair, sideBySide } from './compare.ts';
export { inputFormats, measures } from './inputs/input.ts';
export { momentOf } from './inputs/moment.ts';
export type { Past } from './look-back.ts';
export type { Firing } from './tally.ts';

/** Of a whole configuration, what looking back reads. */
export interface ReplayConfig extends Omit<EngineSettings, 'latencyBaseline'> {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus' | 'accessLog'>;
  readonly baseline: { readonly latency: LatencyBaselineConfig };
  readonly watch: { readonly duration: number };
  readonly state: { readonly folder: string };
}

export interface ReplayOrder {
  readonly file: string;
  readonly format?: InputFormat | undefined;
  readonly measure?: Measure | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly mode: Mode;
}

export interface Replayed {
  readonly past: Past;
  readonly unusable: { readonly count: number; readonly named: readonly InputFault[] };
  /** What of the configuration could not be had. */
  readonly doubts: readonly string[];
}

/**
 * The pure part of the daemon over the past: what it would have done under that configuration. The same input gives the
 * same result, whenever and wherever. Errors: RollbackdError with reason `input` (also where nothing of it could be judged)
 * or `recorder`.
 */
export async function replay(order: ReplayOrder, config: ReplayConfig): Promise<Replayed> {
  if ((order.from ?? 0) >= (order.to ?? forEver)) throw unreadable(order.file, '--from must be earlier than --to');
  const faults = new Faults();
  const { latencies, faults: doubts } = await latenciesOf(config);
  const settings = { ...config, guard: { ...config.guard, until: forEver }, latencyBaseline: latencies };
  const past = new LookBack({
    settings,
    mode: order.mode,
    watchFor: config.watch.duration,
    tickMs: paceOf(config.probes),
  });
  const { target, probes, traffic, rules } = config;
  const reading = {
    file: order.file,
    from: order.from ?? 0,
    to: order.to ?? forEver,
    measure: order.measure,
    requests: { target, probes, traffic, slotMs: rules.requests.slot },
    faults,
  };
  for await (const looks of openInput(reading, order.format)) past.take(looks);
  const told = past.end();
  if (told.from === undefined)
    throw unreadable(order.file, `nothing of it could be judged${whyNothing(faults, order)}`);
  return { past: told, unusable: faults, doubts };
}

/** The first lines that could not be used, else where it was looked for. */
function whyNothing({ count, named }: Faults, { from, to }: ReplayOrder): string {
  const lines = named.slice(0, 3).map(({ line, what }) => `; line ${line}: ${what}`);
  if (count > 0) return ` (${count} lines cannot be used)${lines.join('')}`;
  return from === undefined && to === undefined ? ': it is empty' : ': it holds nothing between --from and --to';
}

/** The daemon judges after each look: as often as its most eager probe. */
const paceOf = ({ controlEvery, healthEvery, mongoEvery, requestsEvery, syntheticEvery }: ProbesConfig): number =>
  Math.max(1_000, Math.min(controlEvery, healthEvery, mongoEvery, requestsEvery, syntheticEvery));

/** As the daemon knows them, but that nothing is learnt: it would be written down. */
const latenciesOf = ({ baseline, migration, state }: ReplayConfig) =>
  knownLatencies({
    config: baseline.latency,
    accessLog: undefined,
    learntFile: join(state.folder, 'latency-learnt.json'),
    cutoverAt: migration.cutoverAt,
    routeOf: () => undefined,
  });
