import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failingOf, type Look } from '../../src/rules/windows/failing.ts';

const every = 10_000;
const rules = { near: 30_000, after: 120_000, clearAfter: 60_000 };
type Seen = 'failing' | 'fine' | 'unseen';

const looks = (seen: readonly Seen[]): Look[] =>
  seen.flatMap((one, index) =>
    one === 'unseen' ? [] : [{ at: index * every, failing: one === 'failing', said: one }],
  );
const found = (seen: readonly Seen[]) => failingOf(looks(seen), rules);
const times = (count: number, one: Seen): Seen[] => Array.from({ length: count }, () => one);

describe('trouble that lasts', () => {
  it('is as long as the time between looks that found it', () => {
    expect(found(['fine', ...times(4, 'failing')])).toMatchObject({ since: every, failingMs: 3 * every, looks: 4 });
    expect(found([...times(3, 'failing'), 'fine', ...times(3, 'failing')])).toMatchObject({
      since: 0,
      failingMs: 4 * every,
      looks: 6,
      fineLooks: 1,
    });
  });

  it('does not grow longer over what was not seen', () => {
    expect(found(['failing', ...times(5, 'unseen'), 'failing'])).toMatchObject({ failingMs: 0, looks: 2 });
  });

  it('is over when it has been seen well for long enough, and not by time that nobody looked', () => {
    expect(found([...times(3, 'failing'), ...times(6, 'fine')])).toMatchObject({ fineMs: 5 * every });
    expect(found([...times(3, 'failing'), ...times(7, 'fine')])).toBeUndefined();
    expect(found([...times(3, 'failing'), 'fine', ...times(8, 'unseen'), 'fine'])).toMatchObject({ fineMs: 0 });
  });

  it('is forgotten over a gap that is longer than what makes a breach', () => {
    expect(found([...times(9, 'failing'), ...times(12, 'unseen'), 'failing'])).toMatchObject({
      since: 21 * every,
      failingMs: 0,
      looks: 1,
    });
  });

  it('never grows longer by not looking, and is never over by it', () => {
    const story = fc.array(fc.tuple(fc.constantFrom<Seen>('failing', 'fine'), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(story, (all) => {
        const never = { ...rules, after: 1e9, clearAfter: 1e9 };
        const whole = failingOf(looks(all.map(([seen]) => seen)), never);
        const hidden = failingOf(
          looks(all.map(([seen, hide]) => (hide && seen === 'failing' ? 'unseen' : seen))),
          never,
        );
        expect(hidden?.failingMs ?? 0).toBeLessThanOrEqual(whole?.failingMs ?? 0);
        const fineHidden = all.map(([seen, hide]) => (hide && seen === 'fine' ? 'unseen' : seen));
        const long = { ...rules, after: 1e9 };
        if (failingOf(looks(all.map(([seen]) => seen)), long)) expect(failingOf(looks(fineHidden), long)).toBeDefined();
      }),
    );
  });
});
