import { eventsOf } from './day.ts';
import { type Latency, LatencyOverTime, slowAnswers } from './latency.ts';
import { warmUp } from './onset.ts';
import { Random } from './random.ts';
import { firstQuestion, questionsIn } from './says.ts';
import { perMinute, slotMs, slotsPerDay } from './traffic.ts';

export interface Slow {
  readonly criterion: Latency;
  readonly perMinute: number;
  /** How many times slower than its baseline p95 is. */
  readonly times: number;
}

export interface SlowDays extends Slow {
  readonly days: number;
  readonly told: number;
  readonly asked: number;
}

/** Restarts leave cold caches: eight times slower for three minutes; the nightly batch: six times for four. */
const coldCaches = { times: 8, lasting: 3 * perMinute };
const batch = { times: 6, from: 2 * 60 * perMinute, lasting: 4 * perMinute };

/** So often people are told, and asked, on days that are slow only for minutes. */
export function slowDays(slow: Slow, days: number, seed: number): SlowDays {
  let told = 0;
  let asked = 0;
  for (let day = 0; day < days; day += 1) {
    const random = new Random(seed, 'slow day', slow.criterion, slow.perMinute, day);
    const restarts = eventsOf(1 + random.poisson(3), coldCaches.lasting, coldCaches.lasting, random);
    const timesAt = (slot: number): number => {
      if (slot >= batch.from && slot < batch.from + batch.lasting) return batch.times;
      return restarts.some(({ from, to }) => slot >= from && slot < to) ? coldCaches.times : slow.times;
    };
    const routes = slowAnswers(slow.criterion, slow.perMinute, slotsPerDay, timesAt, random);
    const tells = new LatencyOverTime(slow.criterion, routes);
    told += questionsIn({ saysAt: (end) => tells.tellsAt(end) }, slotsPerDay);
    asked += questionsIn(new LatencyOverTime(slow.criterion, routes), slotsPerDay);
  }
  return { ...slow, days, told, asked };
}

export interface SlowTimes extends Slow {
  /** From the onset to when people are told, and asked, ms, ascending. */
  readonly told: readonly number[];
  readonly asked: readonly number[];
}

const watched = 2 * 60 * perMinute;

/** All routes become slower at some moment, and stay so. */
export function slowTimes(slow: Slow, trials: number, seed: number): SlowTimes {
  const told: number[] = [];
  const asked: number[] = [];
  const slots = warmUp + watched;
  for (let trial = 0; trial < trials; trial += 1) {
    const random = new Random(seed, 'slow', slow.criterion, slow.perMinute, slow.times, trial);
    const begin = warmUp + random.uniform();
    const routes = slowAnswers(
      slow.criterion,
      slow.perMinute,
      slots,
      (slot) => (slot + 1 <= begin ? 1 : slow.times),
      random,
    );
    const tells = new LatencyOverTime(slow.criterion, routes);
    told.push((firstQuestion({ saysAt: (end) => tells.tellsAt(end) }, begin, slots) - begin) * slotMs);
    asked.push((firstQuestion(new LatencyOverTime(slow.criterion, routes), begin, slots) - begin) * slotMs);
  }
  return { ...slow, told: told.sort((a, b) => a - b), asked: asked.sort((a, b) => a - b) };
}
