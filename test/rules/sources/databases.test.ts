import { describe, expect, it } from 'vitest';
import type { MongoValues, Observation } from '../../../src/model/observation.ts';
import { mongoHealth } from '../../../src/rules/sources/databases.ts';
import { eyes, intervals, minute, mongoLook, samplesOf, unseen } from '../looks.ts';

const { mongoEvery } = intervals;
const settleMs = 10 * minute;

const health = (looks: readonly Observation[], now: number, control = eyes(0, now)) =>
  mongoHealth(samplesOf([...control, ...looks], now), settleMs, now);
const row = (...values: Partial<MongoValues>[]): Observation[] =>
  values.map((each, index) => mongoLook(index * mongoEvery, each));
const bad = { legacy: 'unreachable' } as const;
/** What is said just after the last of these looks. */
const after = (...values: Partial<MongoValues>[]) => health(row(...values), (values.length - 1) * mongoEvery + 1);
const settling = (...values: Partial<MongoValues>[]) => {
  const found = after(...values);
  return found.known ? found.value.settling : 'unknown';
};

describe('what the databases said last', () => {
  it('is known while it is no older than neighbouring looks are apart', () => {
    const near = 3 * mongoEvery;
    const at = (now: number) => health(row({}), now);
    expect(at(near + 2)).toMatchObject({ known: true, value: { unified: 'reachable', legacyWritable: true } });
    expect(at(near + 3)).toEqual({ known: false, reason: 'the last look at the databases is too old' });
    expect(health([], 1)).toEqual({ known: false, reason: 'the databases have not been looked at yet' });
    expect(health([unseen('mongo', 1, 'no route to host')], 2)).toEqual({ known: false, reason: 'no route to host' });
  });

  it('is known for as much longer as the last look took: the next may take as long', () => {
    const slow = { ...mongoLook(0), tookMs: 20_000 };
    expect(health([slow], 85_000).known).toBe(true);
    expect(health([slow], 85_001).known).toBe(false);
  });
});

describe('legacy databases that have just come back', () => {
  it('let the application recover for as long as the trouble lasted', () => {
    expect(settling(bad, bad, bad, {})).toEqual({ legacyBackForMs: 0, settleMs: 30_000 });
    expect(settling(bad, bad, bad, {}, {})).toEqual({ legacyBackForMs: 15_000, settleMs: 30_000 });
    expect(settling(bad, bad, bad, {}, {}, {})).toBeUndefined();
    expect(settling({}, {})).toBeUndefined();
  });

  it('let it recover for no longer than is configured', () => {
    const long = Array.from({ length: 60 }, () => bad);
    expect(settling(...long, {})).toEqual({ legacyBackForMs: 0, settleMs });
  });

  it('were away where they took no writes, too', () => {
    expect(settling({ legacyWritable: false }, { legacyWritable: false }, {})).toMatchObject({ settleMs: 15_000 });
    expect(settling({ legacy: 'login-refused' }, bad, {})).toMatchObject({ settleMs: 15_000 });
  });

  it('hold nothing up by a single look, while they are still away, nor where rollbackd saw nothing', () => {
    expect(settling({}, bad, {})).toBeUndefined();
    expect(settling(bad, bad, bad)).toBeUndefined();
    const looks = row(bad, bad, bad, {});
    expect(health(looks, 45_001, [])).not.toHaveProperty('value.settling');
  });

  it('are remembered from every time they came back', () => {
    expect(settling(bad, bad, bad, bad, bad, {}, bad, {})).toEqual({ legacyBackForMs: 30_000, settleMs: 60_000 });
    expect(settling(bad, bad, {}, bad, bad, bad, {})).toEqual({ legacyBackForMs: 0, settleMs: 30_000 });
  });

  it('are not known to be back by blindness', () => {
    const looks = [...row(bad, bad), unseen('mongo', 30_000), mongoLook(45_000)];
    expect(health(looks, 45_001)).toMatchObject({ value: { settling: { settleMs: 15_000 } } });
  });
});
