import { describe, expect, it } from 'vitest';
import { type Ask, askHttp } from '../../../src/probes/ask.ts';
import { closedPort } from '../server.ts';
import { type Fault, openCafe } from './cafe.ts';
import { journeying, list, looking, readOne, type StepInput, told } from './journeying.ts';

const minute = 60_000;

/** What the journey tells of a café with this fault. */
async function toldWith(fault: Fault, steps: readonly StepInput[] = looking.steps) {
  await using cafe = await openCafe(fault);
  const journeys = [{ name: 'look', steps: [...steps] }];
  return told(await journeying({ publicUrl: cafe.url, journeys, timeout: '200ms' }).look());
}

describe('a journey that only reads', () => {
  it('passes where every step is answered as expected, and says who asks, as whom', async () => {
    await using cafe = await openCafe();
    const seen = await journeying({ publicUrl: cafe.url }).look();
    expect(told(seen)).toEqual({ journey: 'look', tenant: 'kopi', outcome: 'passed' });
    expect(cafe.asked).toMatchObject([
      { what: 'GET /api/menu', tenant: 'kopi', agent: 'rollbackd' },
      { what: 'GET /api/menu/1', tenant: 'kopi', agent: 'rollbackd' },
    ]);
  });

  it.each<[string, Fault, string, string]>([
    ['a status', () => ({ status: 500 }), 'list', 'status 500'],
    ['a redirection', () => ({ status: 302, headers: { location: '/' } }), 'list', 'status 302'],
    ['an empty list', () => ({ status: 200, body: { data: [] } }), 'list', 'no $.data[0]._id'],
    [
      'an id that would lead elsewhere',
      () => ({ status: 200, body: { data: [{ _id: '..' }] } }),
      'list',
      'no $.data[0]._id',
    ],
    [
      'an id that is no text of Unicode',
      () => ({ status: 200, body: { data: [{ _id: '\ud800' }] } }),
      'list',
      'no $.data[0]._id',
    ],
    ['an object for an id', () => ({ status: 200, body: { data: [{ _id: {} }] } }), 'list', 'no $.data[0]._id'],
    ['silence', () => 'hang', 'list', 'no answer within its time'],
    [
      'another document',
      ({ what }) => (what.endsWith('/1') ? { status: 200, body: { _id: '2' } } : undefined),
      'read one',
      '$._id is not {first}',
    ],
    [
      'a document without its field',
      ({ what }) => (what.endsWith('/1') ? { status: 200, body: {} } : undefined),
      'read one',
      'no $._id',
    ],
  ])('fails at %s, and says at which step and why', async (_, fault, step, reason) => {
    expect(await toldWith(fault)).toMatchObject({ outcome: 'failed', step, reason });
  });

  it('stops at the step that was not answered as expected', async () => {
    await using cafe = await openCafe(() => ({ status: 500 }));
    await journeying({ publicUrl: cafe.url }).look();
    expect(cafe.whats()).toEqual(['GET /api/menu']);
  });

  it('says nothing where the application limits requests', async () => {
    expect(await toldWith(() => ({ status: 429 }))).toMatchObject({
      outcome: 'inconclusive',
      step: 'list',
      reason: 'status 429',
    });
    const limited: StepInput = { ...list, expectStatus: [429], save: {} };
    expect(await toldWith(() => ({ status: 429 }), [limited])).toMatchObject({ outcome: 'passed' });
  });

  it('puts a number where a whole text stands for it, and keeps what it saved one part of the path', async () => {
    await using cafe = await openCafe(({ what }) =>
      what === 'GET /api/menu' ? { status: 200, body: { data: [{ _id: 7, name: 'a/b c' }] } } : { status: 200 },
    );
    const save = { first: '$.data[0]._id', name: '$.data[0].name' };
    const search = {
      name: 'search',
      path: '/api/menu/{name}?of={first}',
      method: 'POST' as const,
      changesNothing: true,
    };
    const steps = [
      { ...list, save },
      { ...search, body: { ids: ['{first}'], text: 'no {first}', other: '{x' } },
    ];
    await journeying({ publicUrl: cafe.url, journeys: [{ name: 'search', steps }] }).look();
    expect(cafe.asked[1]).toMatchObject({
      what: 'POST /api/menu/a%2Fb%20c?of=7',
      body: { ids: [7], text: 'no 7', other: '{x' },
    });
  });

  it('fails where it takes longer than it may, whichever step takes the time', async () => {
    await using cafe = await openCafe();
    const slow: Ask = async (question, signal) => {
      probe.pass(40_000);
      return await askHttp(question, signal);
    };
    const journeys = [{ ...looking, timeout: '1m', steps: [list, readOne, { ...readOne, name: 'read again' }] }];
    const probe = journeying({ publicUrl: cafe.url, journeys, ask: slow });
    expect(told(await probe.look())).toMatchObject({
      outcome: 'failed',
      step: 'read again',
      reason: 'not over within 1m',
    });
    await using hanging = await openCafe(() => 'hang');
    const short = journeying({ publicUrl: hanging.url, journeys: [{ ...looking, timeout: '200ms' }] });
    expect(told(await short.look())).toMatchObject({
      outcome: 'failed',
      step: 'list',
      reason: 'not over within 200ms',
    });
  });

  it('ends with its signal', async () => {
    const stopping = new AbortController();
    await using cafe = await openCafe(() => {
      stopping.abort(new Error('stopped'));
      return 'hang';
    });
    const probe = journeying({ publicUrl: cafe.url, signal: stopping.signal });
    await expect(probe.look()).rejects.toThrow('stopped');
  });
});

describe('what is no answer of the application is blindness', () => {
  const blind = (why: string) => `look as kopi, list: ${why}`;

  it('where nobody listens', async () => {
    const publicUrl = `http://127.0.0.1:${await closedPort()}`;
    expect(told(await journeying({ publicUrl }).look())).toBe(blind('the balancer is not there'));
  });

  it('behind our own maintenance answer, with the application left alone', async () => {
    await using application = await openCafe();
    await using balancer = await openCafe(() => ({ status: 503, headers: { 'x-rollbackd-maintenance': 'a1' } }));
    const probe = journeying({ publicUrl: balancer.url, applicationUrl: application.url });
    expect(told(await probe.look())).toBe(blind('the maintenance answer is shown'));
    expect(application.asked).toEqual([]);
  });

  it('behind a maintenance answer that somebody else has put up, which only health is asked about', async () => {
    const isWell: Fault = ({ what }) => (what === 'GET /health' ? { status: 200 } : undefined);
    await using application = await openCafe(isWell);
    await using balancer = await openCafe(() => ({ status: 503 }));
    const probe = journeying({ publicUrl: balancer.url, applicationUrl: application.url });
    expect(told(await probe.look())).toBe(blind('the balancer shows a maintenance answer of its own'));
    expect(application.whats()).toEqual(['GET /health']);
  });

  it('but a 503 of the application’s own is a failure, also where health answers well', async () => {
    const ill: Fault = ({ what }) => ({ status: what === 'GET /health' ? 200 : 503 });
    expect(await toldWith(ill)).toMatchObject({ outcome: 'failed', reason: 'status 503' });
    expect(await toldWith(() => ({ status: 503 }))).toMatchObject({ outcome: 'failed', reason: 'status 503' });
  });
});

describe('whose turn it is', () => {
  const third = { ...looking, name: 'seldom', every: '3m' };
  const made = (seen: Awaited<ReturnType<ReturnType<typeof journeying>['look']>>) =>
    seen.map((each) =>
      each.probe === 'journeys' && each.status === 'observed' ? `${each.values.journey} as ${each.values.tenant}` : '',
    );

  it('makes one journey at a time, each in its own time, as each tenant in turn', async () => {
    await using cafe = await openCafe();
    const journeys = [looking, { ...looking, name: 'again', tenants: ['negoes'] }, third];
    const probe = journeying({ publicUrl: cafe.url, journeys, slugs: ['kopi', 'negoes'] });
    expect(probe.everyMs).toBe(minute / 3);
    const order: string[] = [];
    for (let look = 0; look < 9; look += 1) {
      order.push(...made(await probe.look()));
      probe.pass(probe.everyMs);
    }
    expect(order).toEqual([
      ...['look as kopi', 'again as negoes', 'seldom as kopi'],
      ...['look as negoes', 'again as negoes'],
      ...['look as kopi', 'again as negoes'],
    ]);
  });

  it('makes none before its time, and begins anew with the other version', async () => {
    await using cafe = await openCafe();
    const probe = journeying({ publicUrl: cafe.url, slugs: ['kopi', 'negoes'] });
    expect(made(await probe.look())).toEqual(['look as kopi']);
    probe.pass(minute - 1_000);
    expect(await probe.look()).toEqual([]);
    // Timers come a little early.
    probe.pass(970);
    expect(made(await probe.look())).toEqual(['look as negoes']);
    probe.running.version = 'legacy';
    expect(made(await probe.look())).toEqual(['look as kopi']);
  });
});
