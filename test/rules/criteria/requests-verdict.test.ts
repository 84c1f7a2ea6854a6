import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import type { RequestSlot } from '../../../src/model/request-slot.ts';
import { judgeLooks } from '../judging.ts';
import { eyes, logLook, minute, ownLook, rounds, type SlotSaid, slots, times } from '../looks.ts';

type Part = readonly [ms: number, said: SlotSaid | undefined];
function told(parts: readonly Part[]): { readonly found: RequestSlot[]; readonly now: number } {
  let now = 0;
  const found = parts.flatMap(([ms, said]) => {
    const from = now;
    now += ms;
    return said ? slots(from, now, said) : [];
  });
  return { found, now };
}
function real(parts: readonly Part[], name = 'error-rate-severe') {
  const { found, now } = told(parts);
  return judgeLooks(name, [logLook(now, found)], now);
}
const failing = (errors: number, requests = 10): SlotSaid => ({ requests, errors });

describe('the moderate one of two criteria of the same requests', () => {
  const moderate = (parts: readonly Part[]) => real(parts, 'error-rate-moderate');
  const deferred = { verdict: 'pending', reason: 'worse than moderate: see error-rate-severe' };

  it('speaks for itself where the severe one is clear, however large the share', () => {
    expect(
      moderate([
        [5_000, { requests: 1, errors: 1 }],
        [55_000, undefined],
      ]),
    ).toMatchObject({
      verdict: 'clear',
      value: 1,
    });
  });

  it('speaks for itself where severe trouble has become moderate and is not resolved', () => {
    const parts: Part[] = [
      [10 * minute, failing(0, 1_000)],
      [3 * minute, failing(500, 1_000)],
      [4 * minute, failing(79, 1_000)],
    ];
    expect(real(parts)).toMatchObject({ verdict: 'pending', value: 0.079 });
    expect(moderate(parts)).toMatchObject({ verdict: 'breach', value: 0.079 });
  });

  it('waits where severe trouble is back, though its window shows less than its threshold', () => {
    const parts: Part[] = [
      [10 * minute, failing(0, 100)],
      [3 * minute, failing(50, 100)],
      [150_000, failing(0, 100)],
      [30_000, failing(55, 100)],
    ];
    const severe = real(parts);
    expect(severe.verdict).toBe('breach');
    expect(severe.value).toBeLessThan(0.1);
    expect(moderate(parts)).toMatchObject(deferred);
  });

  it('waits while more than is moderate fail, and not at the very threshold', () => {
    const later = (ms: number) => {
      const parts: Part[] = [
        [10 * minute, failing(0)],
        [3 * minute, failing(6)],
        [ms, failing(0)],
      ];
      return [real(parts), moderate(parts)] as const;
    };
    expect(later(145_000)).toMatchObject([{ verdict: 'pending', value: 42 / 360 }, deferred]);
    const [severe, itself] = later(150_000);
    expect(severe).toMatchObject({ verdict: 'pending', value: 0.1 });
    expect(itself.reason).toMatch(/^36 of 360 requests failed .*; the newest requests are well, not yet resolved$/);
  });
});

describe('a burst of every five minutes', () => {
  it('is asked about as moderate within 40 minutes, though it is severe in each of its moments', () => {
    const round: Part[] = [
      [5_000, { requests: 25, errors: 25 }],
      [55_000, undefined],
      [4 * minute, failing(0, 5)],
    ];
    const asked = [6, 7].flatMap((count) => {
      const rounds = Array.from({ length: count }, () => round).flat();
      const [burst] = round;
      return burst ? [real([...rounds, burst], 'error-rate-moderate').verdict] : [];
    });
    expect(asked).toContain('breach');
  });
});

describe('what a verdict names', () => {
  it('is since when, and whose trouble it is, while there is trouble that is not over', () => {
    const of = (errors: number): SlotSaid => ({ tenants: { kopi: [10, errors], negoes: [10, errors] } });
    const later = (...parts: Part[]) => real([[3 * minute, of(5)], ...parts]);
    expect(later()).toMatchObject({ verdict: 'breach', since: 5_000, tenants: ['kopi', 'negoes'] });
    expect(later([30_000, of(0)])).toMatchObject({ verdict: 'pending', since: 5_000, tenants: [] });
    expect(real([[3 * minute, of(0)]])).not.toHaveProperty('since');
  });

  it('is the window that fired, though a shorter one has enough requests to speak of', () => {
    const told = slots(0, 10 * minute, { requests: 2 }).map((slot, index) => ({
      ...slot,
      errors: index % 5 === 0 || index % 5 === 2 ? 1 : 0,
    }));
    expect(judgeLooks('error-rate-severe', [logLook(10 * minute, told)], 10 * minute)).toMatchObject({
      verdict: 'breach',
      samples: 240,
      windowMs: 10 * minute,
    });
  });
});

describe('rollbackd’s own requests beside real ones', () => {
  const now = 10 * minute;
  const judge = (own: readonly Part[], ...looks: Observation[]) => {
    const { found, now: to } = told(own);
    return judgeLooks('error-rate-severe', [...eyes(0, to), ownLook(to, found), ...looks], to);
  };
  const fails: readonly Part[] = [[now, failing(2, 4)]];
  const log = (quietFrom: number, readAt = now) => logLook(readAt, slots(0, quietFrom, failing(0)));
  const against = { verdict: 'inconclusive', reason: expect.stringMatching(/ but users are served well: /) };

  it('say since when they fail', () => {
    expect(judge(fails).reason).toBe(
      "72 of 144 of rollbackd's own requests failed in 3m (50%, threshold 10%) since 1970-01-01T00:00:05Z",
    );
  });

  it('are contradicted while real ones went well in the shortest window, and no longer', () => {
    expect(judge(fails, log(now - 3 * minute + 5_000))).toMatchObject(against);
    expect(judge(fails, log(now - 3 * minute)).verdict).toBe('breach');
  });

  it('are contradicted by a log that was read within the shortest window, and by no older one', () => {
    const readAt = (at: number) => judge(fails, log(at, at));
    expect(readAt(now - 3 * minute + 5_000)).toMatchObject(against);
    expect(readAt(now - 3 * minute).verdict).toBe('breach');
  });

  it('are no contradiction any more when their newest go well, too', () => {
    const mended: readonly Part[] = [
      [now, failing(0, 4)],
      [3 * minute, failing(4, 4)],
      [165_000, failing(0, 4)],
    ];
    expect(judge(mended).verdict).toBe('pending');
    const to = told(mended).now;
    expect(judge(mended, log(to, to)).verdict).toBe('clear');
  });

  it('prove nothing when none was asked in the shortest window', () => {
    const stopped = (ms: number) => judge([...fails, [ms, undefined]]);
    expect(stopped(3 * minute - 5_000).verdict).toBe('breach');
    expect(stopped(3 * minute)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^rollbackd has asked nothing lately; until then \d+ of \d+ of rollbackd's own/),
    });
  });
});

describe('the numbers of a clear verdict', () => {
  const now = 10 * minute;
  const own = [...eyes(0, now), ownLook(now, slots(0, now, failing(0, 4)))];
  const judge = (...log: Observation[]) => judgeLooks('error-rate-severe', [...own, ...log], now);

  it('are those of real requests where there are any, else of rollbackd’s own', () => {
    expect(judge(logLook(now, slots(0, now, failing(0))))).toMatchObject({ verdict: 'clear', samples: 360 });
    expect(judge()).toMatchObject({ verdict: 'clear', samples: 144 });
  });
});

describe('trouble of which the log tells nothing any more', () => {
  it('has neither gone on nor ended', () => {
    const judge = (late: number) => {
      const now = 3 * minute + late;
      return judgeLooks('error-rate-severe', [logLook(3 * minute, slots(0, 3 * minute, failing(5)))], now);
    };
    expect(judge(20_000).verdict).toBe('breach');
    expect(judge(20_001)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /^the log of requests has not been read since .*; until then 180 of 360 requests failed/,
      ),
    });
  });
});

describe('an application that is down as a whole', () => {
  const gone = {
    application: { outcome: 'down', why: 'refused', tookMs: 1 },
    balancer: { outcome: 'down', why: 'refused', tookMs: 1 },
    vantage: { listening: false },
  } as const;
  const judge = (said: SlotSaid | undefined, before: readonly Part[] = []) => {
    const { found, now } = told([...before, [40_000, said]]);
    return judgeLooks('error-rate-severe', [...rounds(times(4, gone), now - 40_000), logLook(now, found)], now);
  };

  it('explains trouble of before, too, that is not resolved', () => {
    const before: Part[] = [
      [10 * minute, failing(0)],
      [3 * minute, failing(6)],
      [2 * minute, failing(0)],
    ];
    expect(judge(undefined, before)).toMatchObject({
      verdict: 'pending',
      since: 10 * minute + 5_000,
      reason: 'the application is down as a whole since 1970-01-01T00:15:00Z: its errors are that outage',
    });
  });

  it('explains requests that have just begun to fail, and says nothing of what there is not', () => {
    expect(judge(failing(10))).toMatchObject({
      verdict: 'pending',
      reason: 'the application is down as a whole since 1970-01-01T00:00:00Z: its errors are that outage',
    });
    expect(judge(undefined)).toMatchObject({
      verdict: 'inconclusive',
      reason: "no requests lately, neither real ones nor rollbackd's own",
    });
  });
});

describe('silence with connections that stay open', () => {
  const now = 30 * minute;
  const judge = (before: readonly RequestSlot[], open?: number) =>
    judgeLooks('error-rate-severe', [logLook(now, before, open)], now).reason;
  const few = slots(minute, minute + 5_000, { requests: 1 });
  const quiet = "no requests lately, neither real ones nor rollbackd's own";

  it('is told by one of them where requests were few', () => {
    expect(judge(few, 1)).toBe('no requests lately while 1 connections to the application are open: that is not quiet');
  });

  it.each([
    ['none is open', few, 0],
    ['nobody counts them', few, undefined],
    ['none is open, and requests were all refused', slots(minute, minute + 5_000, { refused: 3 }), 0],
    ['there never was a request', [], 12],
  ])('is quiet where %s', (_when, before, open) => {
    expect(judge(before, open)).toBe(quiet);
  });
});
