import type { HealthValues } from '../../src/model/observation.ts';
import { judgeAll } from '../../src/rules/judge.ts';
import { sampleLimits } from '../../src/rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../../src/rules/samples/samples.ts';
import { rules } from './error-rates.ts';
import { Random } from './random.ts';
import { slotMs } from './traffic.ts';

export const intervals = {
  healthEvery: 10_000,
  isolationEvery: 30_000,
  mongoEvery: 15_000,
  controlEvery: 5_000,
  requestsEvery: slotMs,
  syntheticEvery: slotMs,
  tenantsEvery: 60_000,
};
export const limits = sampleLimits(rules, intervals);

/** Down for so long, up for so long, in turn, ms. */
export interface Outage {
  readonly name: string;
  readonly down: number;
  readonly up: number;
  readonly perMinute: number;
}

/** From the first moment down, ms, ascending: to the first word, to the first breach of any kind, to that of the outage. */
export interface OutageTimes extends Outage {
  readonly told: readonly number[];
  readonly asked: readonly number[];
  readonly critical: readonly number[];
}

const minute = 60_000;
const warmUp = 10 * minute;
const watched = 60 * minute;

/** Judged as a whole, with the health probe, the log and the second vantage, at any phase of all of them. */
export function outageTimes(outage: Outage, trials: number, seed: number): OutageTimes {
  const all = Array.from({ length: trials }, (_, trial) =>
    oneOutage(outage, new Random(seed, 'outage', outage.name, outage.perMinute, trial)),
  );
  const times = (key: 'told' | 'asked' | 'critical') => all.map((each) => each[key]).sort((a, b) => a - b);
  return { ...outage, told: times('told'), asked: times('asked'), critical: times('critical') };
}

function oneOutage({ down, up, perMinute }: Outage, random: Random) {
  const begin = warmUp + random.between(0, intervals.healthEvery);
  const isDown = (at: number): boolean => at >= begin && (at - begin) % (down + up) < down;
  const first = { told: Number.POSITIVE_INFINITY, asked: Number.POSITIVE_INFINITY, critical: Number.POSITIVE_INFINITY };
  let samples = emptySamples(limits);
  for (let now = slotMs; now <= warmUp + watched && first.critical === Number.POSITIVE_INFINITY; now += slotMs) {
    samples = seen(samples, now, { isDown, requests: random.poisson((perMinute * slotMs) / minute), random });
    if (now < begin) continue;
    const verdicts = judged(samples, now).filter(({ criterion }) => /^(unavailable|error-rate)/.test(criterion));
    const note = (key: keyof typeof first, is: boolean) => {
      if (is) first[key] = Math.min(first[key], now - begin);
    };
    note(
      'told',
      verdicts.some(({ verdict, told }) => told === true || verdict === 'breach'),
    );
    note(
      'asked',
      verdicts.some(({ verdict }) => verdict === 'breach'),
    );
    note(
      'critical',
      verdicts.some(({ criterion, verdict }) => criterion === 'unavailable' && verdict === 'breach'),
    );
  }
  return first;
}

export const judged = (samples: Samples, now: number) =>
  judgeAll({
    samples,
    rules,
    now,
    judgedFrom: 0,
    version: 'unified',
    tenants: new Set(),
    leakedBefore: new Set(),
    baseline: new Map(),
  }).verdicts;

interface World {
  readonly isDown: (at: number) => boolean;
  readonly requests: number;
  readonly random: Random;
}

/** One round: the log up to now, a look at ourselves, and every second time one at the application. */
function seen(samples: Samples, now: number, { isDown, requests, random }: World): Samples {
  const from = now - slotMs;
  let errors = 0;
  for (let request = 0; request < requests; request += 1) if (isDown(from + random.uniform() * slotMs)) errors += 1;
  const slots = requests === 0 ? [] : [{ at: from, requests, errors, routes: [], tenants: [] }];
  const head = { at: now, tookMs: 1, status: 'observed' } as const;
  const health =
    now % intervals.healthEvery === 0 ? [{ ...head, probe: 'health', values: lookAt(isDown(now)) } as const] : [];
  return remember(
    samples,
    [
      ...health,
      { ...head, probe: 'control', values: { loopDelayMs: 1 } },
      { ...head, probe: 'requests', values: { slots, openUpstream: 0 } },
    ],
    now,
  );
}

function lookAt(down: boolean): HealthValues {
  const answer = down
    ? ({ outcome: 'down', why: 'refused', tookMs: 1 } as const)
    : ({ outcome: 'up', why: 'ok', tookMs: 1 } as const);
  return {
    application: answer,
    balancer: answer,
    vantage: { processes: { online: down ? 0 : 1, expected: 1 }, listening: !down },
  };
}
