import { type Bounds, countBounds, quantileBounds, shareBounds } from './bounds.ts';
import type { FalseBreaches } from './false-breaches.ts';
import type { OutageTimes } from './outages.ts';
import type { SlowDays, SlowTimes } from './slow-days.ts';
import type { Times } from './times.ts';

const minute = 60_000;

export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : `${Number(value.toFixed(1))}`);

/** For each 1,000 days, with the bounds between which the true number lies. */
export function perThousand(count: number, days: number): string {
  const scaled = (value: number) => short((value * 1_000) / days);
  const { low, high } = countBounds(count);
  return `${scaled(count)} (${scaled(low)} to ${scaled(high)})`;
}

const inMinutes = (ms: number): string => (Number.isFinite(ms) ? short(ms / minute) : 'never');

export const quantileOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export function minutes(sorted: readonly number[], share: number): string {
  const bounds: Bounds = quantileBounds(sorted, share);
  const [value, low, high] = [quantileOf(sorted, share), bounds.low, bounds.high].map(inMinutes);
  return low === high ? `${value}` : `${value} (${low} to ${high})`;
}

const percent = (share: number): string => `${short(share * 100)} %`;

export const falseTable = (cells: readonly FalseBreaches[]): string =>
  table(
    ['criterion', 'requests a minute', 'failing', 'days', 'rule', 'fixed threshold'],
    [...Map.groupBy(cells, ({ criterion }) => criterion).values()].flatMap((each) => [
      ...each.map((cell) => falseRow(`${cell.perMinute}`, percent(cell.failing), cell)),
      ...together(each),
    ]),
  );

const falseRow = (level: string, failing: string, { criterion, days, rule, fixed }: FalseBreaches): string[] => [
  `\`${criterion}\``,
  level,
  failing,
  `${days}`,
  perThousand(rule, days),
  perThousand(fixed, days),
];

function together(cells: readonly FalseBreaches[]): string[][] {
  const [first] = cells;
  if (!first) return [];
  const sum = (key: 'days' | 'rule' | 'fixed') => cells.reduce((total, cell) => total + cell[key], 0);
  return [falseRow('all', '', { ...first, days: sum('days'), rule: sum('rule'), fixed: sum('fixed') })];
}

const timesHeader = [
  'criterion',
  'requests a minute',
  'rule: half within',
  '95 % within',
  'fixed: half within',
  '95 % within',
];

const timesRow = ({ criterion, perMinute, rule, fixed }: Times): string[] => [
  `\`${criterion}\``,
  `${perMinute}`,
  minutes(rule, 0.5),
  minutes(rule, 0.95),
  minutes(fixed, 0.5),
  minutes(fixed, 0.95),
];

export const timesTable = (cells: readonly Times[]): string =>
  table(
    ['times the threshold', ...timesHeader],
    cells.map((cell) => [cell.name, ...timesRow(cell)]),
  );

/** How many of the onsets are asked about in time. */
export const goalsTable = (cells: readonly Times[]): string =>
  table(
    ['trouble', ...timesHeader, 'goal', 'rule: asked by then'],
    cells.map((cell) => [cell.name, ...timesRow(cell), ...goalOf(cell)]),
  );

function goalOf({ rule, goal = Number.POSITIVE_INFINITY }: Times): string[] {
  const inTime = rule.filter((ms) => ms <= goal).length;
  const { low, high } = shareBounds(inTime, rule.length);
  return [inMinutes(goal), `${percent(inTime / rule.length)} (${short(low * 100)} to ${short(high * 100)})`];
}

export const slowDaysTable = (cells: readonly SlowDays[]): string =>
  table(
    ['criterion', 'requests a minute', 'p95 against baseline', 'days', 'told', 'asked'],
    cells.map(({ criterion, perMinute, times, days, told, asked }) => [
      `\`${criterion}\``,
      `${perMinute}`,
      `${short(times)}x`,
      `${days}`,
      perThousand(told, days),
      perThousand(asked, days),
    ]),
  );

export const slowTimesTable = (cells: readonly SlowTimes[]): string =>
  table(
    [
      'criterion',
      'p95 against baseline',
      'requests a minute',
      'told: half within',
      '95 % within',
      'asked: half within',
    ],
    cells.map(({ criterion, perMinute, times, told, asked }) => [
      `\`${criterion}\``,
      `${short(times)}x`,
      `${perMinute}`,
      minutes(told, 0.5),
      minutes(told, 0.95),
      minutes(asked, 0.5),
    ]),
  );

export const outagesTable = (cells: readonly OutageTimes[]): string =>
  table(
    ['outage', 'requests a minute', 'told: half within', 'asked: half within', '95 % within', 'critical: half within'],
    cells.map(({ name, perMinute, told, asked, critical }) => [
      name,
      `${perMinute}`,
      minutes(told, 0.5),
      minutes(asked, 0.5),
      minutes(asked, 0.95),
      minutes(critical, 0.5),
    ]),
  );
