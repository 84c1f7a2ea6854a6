import type { Random } from './random.ts';
import { arrivals, type Counts, perMinute, slotsPerDay } from './traffic.ts';

export interface DayOf {
  /** Mean over the day. */
  readonly perMinute: number;
  /** Mean share of requests that fail beside the deploys. */
  readonly failing: number;
  readonly deploys: boolean;
}

const hour = 60 * perMinute;
/** By hour of the day: a twentieth of the noon's traffic at night, mean 1. */
const shape = [
  0.24, 0.16, 0.11, 0.1, 0.1, 0.14, 0.33, 0.67, 1.1, 1.45, 1.7, 1.8, 1.9, 1.85, 1.65, 1.55, 1.5, 1.5, 1.45, 1.4, 1.25,
  1.0, 0.65, 0.4,
];

interface Event {
  readonly from: number;
  readonly to: number;
}

/** A third-party route has so much of the traffic, and while it is ill, so many of its requests fail. */
const flaky = { traffic: 0.02, failing: 0.4 };

/** One day as it is in the office: flat at night, dense at noon, with everything that belongs to it. */
export function dayOf({ perMinute: mean, failing, deploys }: DayOf, random: Random): Counts {
  const bots = eventsOf(1 + random.poisson(1), 6 * perMinute, 20 * perMinute, random);
  const ill = eventsOf(1, 2 * hour, 4 * hour, random);
  const nightly = { from: 2 * hour, to: 2 * hour + random.between(10, 30) * perMinute };
  const broken = deploys ? eventsOf(1 + random.poisson(3), 4, 12, random).filter(apart) : [];
  const illDay = ill.reduce((sum, { from, to }) => sum + to - from, 0) / slotsPerDay;
  const base = Math.max(0, failing - illDay * flaky.traffic * flaky.failing);
  return arrivals(
    slotsPerDay,
    (slot) => {
      const usual = (shape[Math.floor(slot / hour)] ?? 1) * (mean / perMinute);
      const batch = within(slot, nightly) ? (0.5 * mean) / perMinute : 0;
      const scraped = bots.some((each) => within(slot, each)) ? usual : 0;
      const requests = usual + batch + scraped;
      if (broken.some((each) => within(slot, each))) return { requests, bad: 1 };
      const flakes = ill.some((each) => within(slot, each)) ? flaky.traffic * flaky.failing : 0;
      return { requests, bad: Math.min(1, base + flakes) };
    },
    random,
  );
}

const within = (slot: number, { from, to }: Event): boolean => slot >= from && slot < to;

/** Nobody deploys again within half an hour. */
const apart = ({ from }: Event, index: number, all: readonly Event[]): boolean =>
  all.slice(0, index).every((other) => Math.abs(other.from - from) > hour / 2);

export function eventsOf(count: number, least: number, most: number, random: Random): Event[] {
  return Array.from({ length: count }, () => {
    const from = Math.floor(random.between(0, slotsPerDay - most));
    return { from, to: from + Math.round(random.between(least, most)) };
  });
}
