import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { Act } from '../../src/replay/act.ts';
import { sideBySide } from '../../src/replay/compare.ts';
import { LookBack, type Past } from '../../src/replay/look-back.ts';
import { control, health } from '../engine/judging.ts';
import { exampleConfig, start } from './written.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Story {
  readonly from?: number;
  readonly lasts: number;
  readonly isUp: (since: number) => boolean;
}

function* looksOf({ from = 0, lasts, isUp }: Story): Generator<Observation> {
  for (let since = from; since < from + lasts; since += 5_000) {
    yield control(start + since);
    if (since % 10_000 === 0) yield health(start + since, isUp(since));
  }
}

function lookBack(...stories: readonly Story[]): Past {
  const config = exampleConfig();
  const past = new LookBack({
    settings: { ...config, guard: { ...config.guard, until: start + 1e12 }, latencyBaseline: new Map() },
    mode: 'armed',
    watchFor: 2 * hour,
    tickMs: 5_000,
  });
  for (const story of stories) past.take([...looksOf(story)]);
  return past.end();
}

const outage = (from: number, to: number) => (since: number) => since < from || since >= to;
const actsOf = ({ acts }: Past) => acts.map(({ act }) => act);

describe('looking back', () => {
  it('rolls back once for one outage, and begins anew when the watch would be over', () => {
    const past = lookBack({ lasts: 3 * hour, isUp: outage(10 * minute, 60 * minute) });
    expect(actsOf(past).filter((act) => act === 'roll back')).toHaveLength(1);
    const [anew] = past.acts.filter(({ act }) => act === 'begin anew');
    const [back] = past.acts.filter(({ act }) => act === 'roll back');
    expect((anew?.at ?? 0) - (back?.at ?? 0)).toBeGreaterThanOrEqual(2 * hour);
  });

  it('says how long each criterion was firing, and which could not be judged', () => {
    const { firings } = lookBack({ lasts: hour, isUp: outage(10 * minute, 40 * minute) });
    const known = new Map(firings.map((firing) => [firing.criterion, firing]));
    expect(known.get('unavailable')).toMatchObject({ times: 1 });
    expect(known.get('unavailable')?.neverJudged).toBeUndefined();
    expect(known.get('latency-severe')?.neverJudged).toBeDefined();
  });

  it('passes over what nobody saw, and counts it', () => {
    const past = lookBack({ lasts: hour, isUp: () => true }, { from: 40 * hour, lasts: hour, isUp: () => true });
    expect(past.gaps).toBe(1);
    expect(past.acts).toEqual([]);
  });

  it('goes on when the clock was set back, and says so', () => {
    const past = lookBack({ from: 2 * hour, lasts: hour, isUp: () => true }, { lasts: hour, isUp: () => true });
    expect(past.stepsBack).toBe(1);
    expect(past.refusals).toEqual([]);
  });

  it('of nothing is nothing', () => {
    expect(lookBack()).toMatchObject({ acts: [], observations: 0, from: undefined, to: undefined });
  });
});

const act = (minutes: number, name: Act['act'], criterion = 'unavailable'): Act => ({
  at: start + minutes * minute,
  act: name,
  criterion,
  reason: 'so',
});

describe('two pasts side by side', () => {
  it('pair what both did, at the same time or at another, and leave the rest alone', () => {
    const first = [act(1, 'asked'), act(9, 'withdrawn')];
    const second = [act(1, 'asked'), act(12, 'withdrawn'), act(20, 'asked', 'latency-severe')];
    expect(sideBySide(first, second)).toEqual([
      { first: first[0], second: second[0] },
      { first: first[1], second: second[1] },
      { second: second[2] },
    ]);
  });

  it('prefer the very same moment to a nearer row', () => {
    const first = [act(1, 'told'), act(5, 'told')];
    expect(sideBySide(first, [act(5, 'told')])).toEqual([
      { first: first[0] },
      { first: first[1], second: act(5, 'told') },
    ]);
  });

  it('do not pair what lies a day apart', () => {
    expect(sideBySide([act(0, 'told')], [act(24 * 60, 'told')])).toHaveLength(2);
  });
});
