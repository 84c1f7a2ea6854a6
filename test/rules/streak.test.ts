import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Measured, type Streak, streakOf } from '../../src/rules/windows/streak.ts';

const thresholds = { above: 10, clear: 5, slots: 3 };
const bad = 11;
const between = 7;
const well = 5;
const unknown = undefined;

const measured = (values: readonly (number | undefined)[]): Measured[] =>
  values.map((value, at) => ({ at, value, weak: false }));
const streak = (...values: (number | undefined)[]): Streak => streakOf(measured(values).reverse(), thresholds);
const value = fc.constantFrom(bad, between, well, unknown);
const values = fc.array(value, { maxLength: 40 });

/** As the rule says it, slot after slot from the very first. */
function wholly(seen: readonly Measured[]): Pick<Streak, 'state' | 'since' | 'last'> {
  let state: Streak['state'] = 'clear';
  let since: number | undefined;
  let last: number | undefined;
  for (const [index, { at, value: now }] of seen.entries()) {
    const row = seen.slice(Math.max(0, index - 2), index + 1);
    const isRow = row.length === 3;
    if (now !== undefined) last = at;
    if (now === bad) since ??= at;
    if (isRow && row.every((each) => each.value === bad)) state = 'breach';
    if (isRow && row.every((each) => each.value === well)) state = 'clear';
    if (state === 'breach' && isRow && row.every((each) => each.value === unknown)) state = 'unseen';
    if (state !== 'breach' && now !== bad) since = undefined;
  }
  return { state, since, last };
}

describe('a row of slots above the threshold', () => {
  it('is a breach from as many slots on as are wanted, and no fewer', () => {
    expect(streak(well, bad, bad)).toMatchObject({ state: 'clear', above: 2, since: 1 });
    expect(streak(well, bad, bad, bad)).toMatchObject({ state: 'breach', above: 3, since: 1, last: 3 });
  });

  it('is broken by a slot that proves nothing, and by one below the threshold', () => {
    expect(streak(bad, bad, unknown, bad, bad)).toMatchObject({ state: 'clear', above: 2, since: 3 });
    expect(streak(bad, bad, between, bad, bad)).toMatchObject({ state: 'clear', above: 2, since: 3 });
  });

  it('that was a breach ends only by as many slots in a row that have recovered', () => {
    const breach = [bad, bad, bad];
    expect(streak(...breach, well, well)).toMatchObject({ state: 'breach', since: 0 });
    expect(streak(...breach, well, well, between, well, well)).toMatchObject({ state: 'breach', since: 0 });
    expect(streak(...breach, well, well, unknown, well, well)).toMatchObject({ state: 'breach', since: 0 });
    expect(streak(...breach, well, well, well)).toMatchObject({ state: 'clear', since: undefined });
    expect(streak(...breach, ...Array.from({ length: 30 }, () => between)).state).toBe('breach');
  });

  it('that a strong slot began is not ended by weak ones, whether they recover or prove it no more', () => {
    const seen = (marks: readonly [value: number, weak: boolean][]) =>
      streakOf(marks.map(([each, weak], at) => ({ at, value: each, weak })).reverse(), thresholds);
    const weakly = (each: number) => Array.from({ length: 20 }, (): [number, boolean] => [each, true]);
    const strongly = Array.from({ length: 3 }, (): [number, boolean] => [well, false]);
    expect(seen([...weakly(bad), [bad, false], ...weakly(well)])).toMatchObject({ state: 'unseen', last: 20 });
    expect(seen([...weakly(bad), ...weakly(well)]).state).toBe('clear');
    expect(seen([[bad, false], [bad, false], ...weakly(well)]).state).toBe('clear');
    expect(seen([...weakly(bad), [bad, false], ...strongly, ...weakly(bad), ...weakly(well)]).state).toBe('clear');
  });

  it('says when something was proven last, however long ago', () => {
    expect(streak(well, unknown, unknown).last).toBe(0);
    expect(streak(unknown, unknown).last).toBeUndefined();
    expect(streak()).toMatchObject({ state: 'clear', above: 0, since: undefined, last: undefined });
  });

  it('never becomes a breach without the row, and never ends without the other one', () => {
    fc.assert(
      fc.property(values, (seen) => {
        const all = measured(seen);
        expect(streakOf(all.toReversed(), thresholds)).toMatchObject(wholly(all));
      }),
    );
  });

  it('is neither made nor ended by slots that prove nothing: too many in a row take it out of sight', () => {
    fc.assert(
      fc.property(values, fc.array(fc.constant(unknown), { minLength: 1, maxLength: 20 }), (seen, gap) => {
        const { state, last } = streak(...seen);
        const later = streak(...seen, ...gap);
        expect(later.last).toBe(last);
        expect(later.state === 'clear').toBe(state === 'clear');
        if (gap.length >= 3) expect(later.state).not.toBe('breach');
      }),
    );
  });

  it('that is out of sight is a breach again only by another row, and over only by a row that has recovered', () => {
    const unseen = [bad, bad, bad, unknown, unknown, unknown];
    expect(streak(...unseen)).toMatchObject({ state: 'unseen', since: undefined, last: 2 });
    expect(streak(...unseen, bad, bad)).toMatchObject({ state: 'unseen', above: 2, since: 6 });
    expect(streak(...unseen, bad, bad, well)).toMatchObject({ state: 'unseen', above: 0, since: undefined });
    expect(streak(...unseen, bad, bad, bad)).toMatchObject({ state: 'breach', since: 6 });
    expect(streak(...unseen, well, well).state).toBe('unseen');
    expect(streak(...unseen, well, well, well).state).toBe('clear');
  });

  it('is looked at no further back than to where any trouble would have ended', () => {
    let looked = 0;
    function* newestFirst(): Generator<Measured> {
      for (const each of [bad, well, well, well]) {
        looked += 1;
        yield { at: -looked, value: each, weak: false };
      }
      throw new Error('looked back further than that');
    }
    expect(streakOf(newestFirst(), thresholds)).toMatchObject({ state: 'clear', above: 1, since: -1 });
    expect(looked).toBe(4);
  });
});
