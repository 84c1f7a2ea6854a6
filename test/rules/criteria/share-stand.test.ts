import { describe, expect, it } from 'vitest';
import { judgeLooks } from '../judging.ts';
import { logLook, minute, prometheusLook, rules, type SlotSaid, slots, times } from '../looks.ts';

const name = 'error-rate-severe';
const failing = (errors: number, requests = 10): SlotSaid => ({ requests, errors });

describe('the newest requests', () => {
  const later = (errors: number) => {
    const now = 3 * minute + 30_000;
    const told = [...slots(0, 3 * minute, failing(50, 100)), ...slots(3 * minute, now, failing(errors, 100))];
    return judgeLooks(name, [logLook(now, told)], now).verdict;
  };

  it('are well where no more of them fail than it takes to be resolved', () => {
    expect([8, 9].map(later)).toEqual(['pending', 'breach']);
  });
});

describe('silence of real requests', () => {
  it('is that of the only window where there is one', () => {
    const windows = rules.requests.windows.slice(0, 1);
    const quietFor = (ms: number) => {
      const now = 10 * minute + ms;
      const looks = [logLook(now, slots(0, 10 * minute, failing(0)))];
      return judgeLooks(name, looks, now, { rules: { ...rules, requests: { ...rules.requests, windows } } }).verdict;
    };
    expect([3 * minute - 5_000, 3 * minute].map(quietFor)).toEqual(['clear', 'inconclusive']);
  });
});

describe('what Prometheus measures', () => {
  const share = (at: number, value: number) => prometheusLook(at, { query: 'errors', measure: 'error-rate', value });

  it('fires when it was too high for most of twice the shortest window, and adds up no longer time', () => {
    const judged = (wellLooks: number) => {
      const bad = times(6, 0.2);
      const values = [...bad, ...times(wellLooks, 0), ...bad, ...times(wellLooks, 0), ...bad, 0.2];
      const looks = values.map((value, index) => share(index * 15_000, value));
      return judgeLooks(name, looks, (values.length - 1) * 15_000).verdict;
    };
    expect([5, 11].map(judged)).toEqual(['breach', 'pending']);
  });

  it('fires by three looks', () => {
    const judged = (...at: number[]) =>
      judgeLooks(
        name,
        at.map((each) => share(each, 0.2)),
        200_000,
      ).verdict;
    expect(judged(0, 100_000)).toBe('pending');
    expect(judged(0, 100_000, 200_000)).toBe('breach');
  });
});
