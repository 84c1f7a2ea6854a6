import { type ErrorRate, errorRates, levels, rules } from './error-rates.ts';
import { type FalseBreaches, falseBreaches } from './false-breaches.ts';
import { latencies } from './latency.ts';
import { type Outage, type OutageTimes, outageTimes } from './outages.ts';
import { type SlowDays, type SlowTimes, slowDays, slowTimes } from './slow-days.ts';
import { type Times, type Trouble, times } from './times.ts';

export interface Study {
  readonly seed: number;
  readonly levels: readonly number[];
  /** Simulated days a cell: on which nothing happens, with deploys, of latency. */
  readonly days: { readonly quiet: number; readonly deploys: number; readonly slow: number };
  /** Onsets a cell. */
  readonly trials: { readonly onsets: number; readonly slow: number; readonly outages: number };
  readonly multiples: readonly number[];
  readonly slowLevels: readonly number[];
  readonly burstLevels: readonly number[];
  readonly outageLevels: readonly number[];
}

export const seed = 20_260;

export const wholeStudy: Study = {
  seed,
  levels,
  days: { quiet: 500, deploys: 200, slow: 25 },
  trials: { onsets: 100, slow: 25, outages: 8 },
  multiples: [1.5, 2, 3, 10],
  slowLevels: [5, 20, 100, 600],
  burstLevels: [20, 60, 120, 600],
  outageLevels: [5, 60],
};

/** The same, so small that it is done with every change. */
export const fixedPart: Study = {
  seed,
  levels: [5, 50],
  days: { quiet: 15, deploys: 15, slow: 2 },
  trials: { onsets: 40, slow: 4, outages: 1 },
  multiples: [3],
  slowLevels: [20],
  burstLevels: [600],
  outageLevels: [60],
};

const cells = <A, B>(first: readonly A[], second: readonly B[]): (readonly [A, B])[] =>
  first.flatMap((a) => second.map((b) => [a, b] as const));

/** On days that fail so much of the threshold. */
export function healthyDays(study: Study, part: number, deploys: boolean): FalseBreaches[] {
  const days = deploys ? study.days.deploys : study.days.quiet;
  return cells(errorRates, study.levels).map(([criterion, perMinute]) =>
    falseBreaches({ criterion, perMinute, failing: rules[criterion].above * part, deploys }, days, study.seed),
  );
}

/** What real services live with. */
export const steadyDays = ({ days, seed: from }: Study): FalseBreaches[] =>
  [
    { perMinute: 5, failing: 0.03 },
    { perMinute: 20, failing: 0.02 },
    { perMinute: 50, failing: 0.03 },
  ].map((steady) => falseBreaches({ criterion: 'error-rate-moderate', deploys: false, ...steady }, days.quiet, from));

export const onsets = (study: Study, criterion: ErrorRate): Times[] =>
  cells(study.multiples, study.levels).map(([multiple, perMinute]) => {
    const failing = Math.min(1, rules[criterion].above * multiple);
    return times({ name: `${multiple}`, criterion, perMinute, failing }, study.trials.onsets, study.seed);
  });

const minute = 60_000;
const goals: readonly Trouble[] = [
  { name: '30 % failing', criterion: 'error-rate-moderate', perMinute: 5, failing: 0.3, goal: 15 * minute },
  { name: '30 % failing', criterion: 'error-rate-severe', perMinute: 5, failing: 0.3, goal: 15 * minute },
  { name: 'all failing', criterion: 'error-rate-severe', perMinute: 20, failing: 1, goal: 3 * minute },
];

export const goalTimes = ({ trials, seed: from }: Study): Times[] =>
  goals.map((goal) => times(goal, trials.onsets, from));

const bursts: readonly Omit<Trouble, 'perMinute'>[] = [
  {
    name: '100 % for 20 s of every 5 min',
    criterion: 'error-rate-moderate',
    failing: 1,
    goal: 40 * minute,
    bursts: { every: 300_000, lasting: 20_000 },
  },
  {
    name: '60 % for 110 s of every 180 s',
    criterion: 'error-rate-severe',
    failing: 0.6,
    goal: 15 * minute,
    bursts: { every: 180_000, lasting: 110_000 },
  },
];

export const burstTimes = (study: Study): Times[] =>
  cells(bursts, study.burstLevels).map(([burst, perMinute]) =>
    times({ ...burst, perMinute }, study.trials.onsets, study.seed),
  );

export const daysOfSlowness = (study: Study): SlowDays[] =>
  cells(latencies, study.slowLevels).map(([criterion, perMinute]) =>
    slowDays({ criterion, perMinute, times: rules[criterion].above / 2 }, study.days.slow, study.seed),
  );

export const timesOfSlowness = (study: Study): SlowTimes[] =>
  latencies.flatMap((criterion) =>
    cells(study.multiples, study.slowLevels).map(([multiple, perMinute]) =>
      slowTimes({ criterion, perMinute, times: rules[criterion].above * multiple }, study.trials.slow, study.seed),
    ),
  );

const outages: readonly Omit<Outage, 'perMinute'>[] = [
  { name: 'down for good', down: 1_000 * minute, up: 0 },
  { name: 'down 14 min, up 80 s', down: 14 * minute, up: 80_000 },
  { name: 'down 5 min, up 5 min', down: 5 * minute, up: 5 * minute },
  { name: 'down 10 s, up 10 s', down: 10_000, up: 10_000 },
  { name: 'down 20 s, up 10 s', down: 20_000, up: 10_000 },
];

export const outageStudy = (study: Study): OutageTimes[] =>
  cells(outages, study.outageLevels).map(([outage, perMinute]) =>
    outageTimes({ ...outage, perMinute }, study.trials.outages, study.seed),
  );
