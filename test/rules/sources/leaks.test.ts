import { describe, expect, it } from 'vitest';
import type { IsolationValues, Observation } from '../../../src/model/observation.ts';
import { questionHistories } from '../../../src/rules/sources/leaks.ts';
import { hour, intervals, isolationLook, minute, rules, samplesOf } from '../looks.ts';

type Foreign = IsolationValues['foreign'];
const { isolationEvery } = intervals;

/** What one question has shown by `now`. */
const history = (looks: readonly Observation[], now: number) => {
  const scope = { leakedBefore: new Set<string>(), from: 0 };
  const found = questionHistories(samplesOf(looks, now), rules['cross-tenant-leak'], scope, now);
  expect(found).toHaveLength(1);
  return found[0];
};
const leak = (at: number, ...foreign: Foreign) => isolationLook('leak', at, foreign.length > 0 ? { foreign } : {});
const of = (id: string, ...owners: string[]) => ({ id, owners });

describe('the history of a question that leaks', () => {
  it('tells of its looks since the first leak, of the worst of them, and of all whose documents were shown', () => {
    const looks = [
      isolationLook('clean', 0),
      leak(minute, of('a', 'warung')),
      leak(2 * minute, of('b', 'warung'), of('c', 'kopi')),
      isolationLook('clean', 3 * minute),
      leak(4 * minute, of('d', 'bakso')),
    ];
    expect(history(looks, 5 * minute)).toMatchObject({
      looks: 4,
      leaks: 3,
      proofs: 3,
      state: 'leaking',
      since: minute,
      documents: 2,
      example: 'b',
      owners: ['bakso', 'kopi', 'warung'],
    });
  });

  it('shows the newest of answers that are equally bad, and the worst wherever it stands', () => {
    const two: Foreign = [of('x', 'kopi'), of('y', 'kopi')];
    const equally = [leak(0, of('a', 'kopi')), leak(minute, of('b', 'kopi')), isolationLook('clean', 2 * minute)];
    expect(history(equally, 2 * minute)).toMatchObject({ documents: 1, example: 'b' });
    expect(history([leak(0, of('a', 'kopi')), leak(minute, ...two)], minute)).toMatchObject({ documents: 2 });
    expect(history([leak(0, ...two), leak(minute, of('b', 'kopi'))], minute)).toMatchObject({
      documents: 2,
      example: 'x',
    });
  });

  it('counts a leak as a proof for as long as is configured, though it is refuted', () => {
    const looks = [leak(minute), ...[2, 3].map((count) => isolationLook('clean', count * minute))];
    const at = (now: number) => history(looks, now);
    expect(at(hour + minute)).toMatchObject({ state: 'clean', leaks: 0, proofs: 1, since: undefined, documents: 0 });
    expect(at(hour + minute + 1)).toMatchObject({ proofs: 0 });
  });

  it('is refuted by clean answers from half a round after the last leak on', () => {
    const answered = (ms: number) =>
      history(
        [leak(minute), ...[ms, ms].map((later) => isolationLook('clean', minute + later, { checked: 1 }))],
        2 * minute,
      )?.state;
    expect([answered(isolationEvery / 2), answered(isolationEvery / 2 - 1)]).toEqual(['clean', 'leaking']);
  });

  it('is refuted by two clean answers where every one leaked, and by three where two of three did', () => {
    const refuted = (clean: number, ...before: Observation[]) => {
      const from = before.length * minute;
      const looks = Array.from({ length: clean }, (_, index) => isolationLook('clean', from + index * minute));
      return history([...before, ...looks], hour)?.state;
    };
    const always = [leak(0), leak(minute), leak(2 * minute)];
    expect([refuted(1, ...always), refuted(2, ...always)]).toEqual(['leaking', 'clean']);
    const most = [leak(0), isolationLook('clean', minute), leak(2 * minute)];
    expect([refuted(2, ...most), refuted(3, ...most)]).toEqual(['leaking', 'clean']);
  });
});
