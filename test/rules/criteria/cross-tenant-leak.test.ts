import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLooks } from '../judging.ts';
import { hour, intervals, isolationLook, type LeakSeen, minute, rules, times } from '../looks.ts';

const { isolationEvery } = intervals;
type Over = Parameters<typeof isolationLook>[2];
type Asked = Parameters<typeof judgeLooks>[3] & { readonly over?: Over; readonly late?: number };

/** One question, asked again and again. */
function judge(seen: readonly LeakSeen[], { over = {} as Over, late = 0, ...more }: Asked = {}) {
  const looks = seen.map((one, index) => isolationLook(one, index * isolationEvery, over));
  return judgeLooks('cross-tenant-leak', looks, Math.max(0, seen.length - 1) * isolationEvery + 10 + late, more);
}

/** One question leaks, and answers well twice so long after; another leaks at `last`. */
function refuted(after: number, last: number) {
  const looks = [
    isolationLook('leak', 0, { route: 'list' }),
    isolationLook('clean', after, { route: 'list' }),
    isolationLook('clean', after, { route: 'list' }),
    isolationLook('leak', last),
  ];
  return judgeLooks('cross-tenant-leak', looks, last + 10);
}

describe('a document of another tenant', () => {
  it('is told at once, and a breach with the second', () => {
    const first = judge(['clean', 'leak']);
    expect(first).toMatchObject({ verdict: 'pending', told: true, samples: 1, value: 1, since: isolationEvery });
    expect(first.reason).toBe(
      'menu asked as negoes (own-list) answered with 1 document of warung (such as d1) in 1 of 1 looks since 1970-01-01T00:00:30Z; 1 of 2 proofs within 1h: the next one is a breach',
    );
    const second = judge(['clean', 'leak', 'leak']);
    expect(second).toMatchObject({ verdict: 'breach', tier: 'critical', first: 'contain', samples: 2, value: 1 });
    expect(second.reason).toMatch(/ in 2 of 2 looks since 1970-01-01T00:00:30Z$/);
    expect(second).toMatchObject({ unit: 'documents', threshold: 1, windowMs: hour, tenants: ['negoes', 'warung'] });
  });

  it('is a breach with the second, whichever question showed it', () => {
    const looks = [isolationLook('leak', 0), isolationLook('leak', 5_000, { tenant: 'kopi', route: 'list' })];
    const verdict = judgeLooks('cross-tenant-leak', looks, 6_000);
    expect(verdict).toMatchObject({ verdict: 'breach', value: 2, tenants: ['kopi', 'negoes', 'warung'] });
    expect(verdict.reason).toMatch(/; 1 more questions leak$/);
  });

  it('counts for an hour while the question answers otherwise since', () => {
    expect(refuted(isolationEvery, hour - 10)).toMatchObject({ verdict: 'breach', samples: 2 });
    expect(refuted(isolationEvery, hour)).toMatchObject({ verdict: 'pending', samples: 1 });
  });

  it('is not refuted by answers sooner than half a round of questions after it', () => {
    expect(refuted(isolationEvery / 2, hour)).toMatchObject({ verdict: 'pending', samples: 1 });
    expect(refuted(isolationEvery / 2 - 1, hour)).toMatchObject({ verdict: 'breach', samples: 2 });
  });

  it('never ages out: what nobody could ask since is neither proof nor pass', () => {
    const judged = (late: number) => judge(['clean', 'leak', 'leak'], { late });
    expect(judged(hour - 10).verdict).toBe('breach');
    const stale = judged(hour - 9);
    expect(stale).toMatchObject({ verdict: 'inconclusive', value: 0, tenants: [] });
    expect(stale.reason).toBe('menu asked as negoes (own-list) leaked when it was last seen, 59m59s ago');
    expect(judged(10 * hour).verdict).toBe('inconclusive');
  });

  it('is refuted by the same question asked again, and by no other', () => {
    expect(judge(['leak', 'leak', 'clean']).verdict).toBe('breach');
    expect(judge(['leak', 'leak', 'clean', 'clean']).verdict).toBe('clear');
    expect(judge(['leak', 'leak', 'clean', 'leak', 'clean']).verdict).toBe('breach');
    const after = 1_000 + isolationEvery;
    const answered = (over: Over) => {
      const clean = times(9, isolationLook('clean', after, over));
      const looks = [isolationLook('leak', 0), isolationLook('leak', 1_000), ...clean];
      return judgeLooks('cross-tenant-leak', looks, after + 1_000).verdict;
    };
    expect(answered({})).toBe('clear');
    for (const over of [{ tenant: 'kopi' }, { route: 'list' }, { ask: 'foreign-id' }, { via: 'balancer' }] as const)
      expect(answered(over)).toBe('breach');
  });

  it('is refuted by as many clean answers as chance would hardly show, the rarer it leaked', () => {
    const later = (seen: readonly LeakSeen[], clean: number) =>
      judge([...seen, ...times(clean, 'clean' as const)]).verdict;
    const twoOfThree: LeakSeen[] = ['leak', 'clean', 'leak'];
    expect([later(twoOfThree, 2), later(twoOfThree, 3)]).toEqual(['breach', 'clear']);
    const threeOfFive: LeakSeen[] = [...twoOfThree, 'clean', 'leak'];
    expect([later(threeOfFive, 3), later(threeOfFive, 4)]).toEqual(['breach', 'clear']);
  });

  it('is not refuted by empty answers, nor by blindness', () => {
    expect(judge(['leak', 'leak', ...times(9, 'empty' as const)]).verdict).toBe('breach');
    expect(judge(['leak', 'leak', ...times(9, 'blind' as const)]).verdict).toBe('breach');
  });

  it('counts only from the given moment on', () => {
    expect(judge(['leak', 'leak', 'leak'], { judgedFrom: isolationEvery }).samples).toBe(2);
    expect(judge(['leak', 'leak', 'leak'], { judgedFrom: isolationEvery + 1 }).verdict).toBe('pending');
  });

  it('is counted once per tenant and route, by the worst answer', () => {
    const foreign = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `d${index}`, owners: ['o'] }));
    const looks = [
      isolationLook('leak', 0, { foreign: foreign(1), route: 'list' }),
      isolationLook('leak', 1, { foreign: foreign(2), ask: 'no-tenant' }),
      isolationLook('leak', 2, { foreign: foreign(3) }),
    ];
    expect(judgeLooks('cross-tenant-leak', looks, 10)).toMatchObject({ value: 4, since: 0 });
    expect(judgeLooks('cross-tenant-leak', looks, 10).reason).toMatch(/^menu asked as negoes .* 3 documents of o /);
    expect(judgeLooks('cross-tenant-leak', looks.slice(1, 2), 10).reason).toMatch(
      /^menu asked without a tenant \(no-tenant\)/,
    );
  });

  it('names those it belongs to where it was asked without a tenant', () => {
    expect(judge(['leak'], { over: { ask: 'no-tenant', tenant: '' } }).tenants).toEqual(['warung']);
  });

  it('names a few owners of many', () => {
    const owners = (count: number) => ['a', 'b', 'c', 'd', 'e'].slice(0, count);
    const reason = (count: number) =>
      judge(['leak'], { over: { foreign: [{ id: 'x', owners: owners(count) }] } }).reason;
    expect(reason(3)).toMatch(/of a, b, c \(such as x\)/);
    expect(reason(4)).toMatch(/of a, b, c and 1 more \(such as x\)/);
    expect(reason(5)).toMatch(/of a, b, c and 2 more \(such as x\)/);
  });
});

describe('a leak that does not decide', () => {
  it('is that of an untrusted route, and of one that leaked before the migration', () => {
    expect(judge(times(3, 'leak'), { over: { trusted: false } }).verdict).toBe('inconclusive');
    expect(judge(times(3, 'leak'), { leakedBefore: new Set(['menu']) }).verdict).toBe('inconclusive');
    expect(judge(times(3, 'leak'), { leakedBefore: new Set(['list']) }).verdict).toBe('breach');
  });

  it('is that of the balancer’s cache: told apart from the application’s, and never acted on alone', () => {
    const verdict = judge(times(3, 'leak'), { over: { via: 'balancer' } });
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'cache', told: true, samples: 3, value: 1 });
    expect(verdict.reason).toMatch(/, through the balancer alone: purge its cache, and key it by tenant$/);
    const both = [isolationLook('leak', 0, { via: 'balancer' }), isolationLook('leak', 1)];
    expect(judgeLooks('cross-tenant-leak', both, 10)).toMatchObject({ verdict: 'breach', samples: 2 });
  });

  it('is counted in the cache alone where the application’s own was refuted', () => {
    const own = (['leak', 'leak', 'clean', 'clean'] as const).map((seen, index) =>
      isolationLook(seen, index * isolationEvery),
    );
    const through = (seen: LeakSeen) => isolationLook(seen, 3 * isolationEvery, { via: 'balancer' });
    const judged = (seen: LeakSeen) =>
      judgeLooks('cross-tenant-leak', [...own, through(seen)], 3 * isolationEvery + 10);
    expect(judged('leak')).toMatchObject({ verdict: 'exempt', exemptBecause: 'cache', samples: 1 });
    expect(judged('clean')).toMatchObject({ verdict: 'clear', samples: 2 });
  });
});

describe('no leak', () => {
  it('is a pass only where somebody looked lately, and saw documents', () => {
    const near = 3 * isolationEvery;
    expect(judge(['clean'])).toMatchObject({ verdict: 'clear', value: 0, samples: 0 });
    expect(judge(['clean']).reason).toBe('1 questions on trusted routes showed no document of another tenant');
    expect(judge(['clean'], { late: near - 5 }).verdict).toBe('clear');
    expect(judge(['clean'], { late: near - 4 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no trusted route has answered for 1m30s',
    });
    const longAgo = isolationLook('clean', 0, { route: 'list' });
    const since = (late: number) =>
      judgeLooks('cross-tenant-leak', [longAgo, isolationLook('clean', hour)], hour + late);
    expect(since(near)).toMatchObject({ verdict: 'clear' });
    expect(since(near + minute).reason).toBe('no trusted route has answered for 2m29s');
    const unknown = 'no trusted route has answered with documents whose owner is known';
    for (const seen of [[], ['empty'], ['blind']] as const) expect(judge(seen).reason).toBe(unknown);
  });
});

describe('whatever is seen', () => {
  const anyLook = fc.constantFrom<LeakSeen>('leak', 'clean', 'empty', 'blind');
  const harm = { clear: 0, inconclusive: 1, exempt: 1, pending: 2, breach: 3 } as const;

  // What leaks always is refuted by fewer clean answers than what leaks now and then.
  it('is never less for one more leak that clean answers have not refuted since', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 40 }), fc.nat(39), (seen, index) => {
        const looks = seen.map((one, each) => (each === index ? 'leak' : one));
        const [worse, before] = [judge(looks), judge(seen)];
        const cleanSince = looks.slice(looks.lastIndexOf('leak')).filter((one) => one === 'clean').length;
        if (cleanSince < 2) expect(harm[worse.verdict]).toBeGreaterThanOrEqual(harm[before.verdict]);
        expect(worse.samples).toBeGreaterThanOrEqual(before.samples);
      }),
      { examples: [[['leak', 'leak', 'clean', 'leak', 'clean', 'clean'], 2]] },
    );
  });

  it('is no breach by blindness, and no pass', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (seen, count) => {
        const before = judge(seen);
        const later = judge([...seen, ...times(count, 'blind' as const)]);
        if (before.verdict !== 'breach') expect(later.verdict).not.toBe('breach');
        if (before.verdict !== 'clear') expect(later.verdict).not.toBe('clear');
      }),
    );
  });

  it('has settings of its own', () => {
    expect(rules['cross-tenant-leak']).toEqual({ samples: 2, window: 60 * minute, clearOdds: 20 });
  });
});
