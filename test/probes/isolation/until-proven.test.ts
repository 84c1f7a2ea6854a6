import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { manualClock } from '../../manual-clock.ts';
import type { ProbesInput } from '../settings.ts';
import {
  type Application,
  documents,
  forever,
  look,
  outcomes,
  own,
  probeOn,
  routes,
  type Situation,
  serveAs,
  well,
} from './stage.ts';

const clean = own.kopi?.length;

/** A list that is another tenant's on each of these answers, counted from the first; kopi alone asks for it. */
function leakingOn(...answers: number[]): Application {
  let count = 0;
  return (asked, answer, response) => {
    if (asked.path !== '/api/menu' || asked.tenant !== 'kopi') return well(asked, answer, response);
    count += 1;
    return answer(200, documents(answers.includes(count) ? ['a1'] : own.kopi));
  };
}

const listsOfKopi = (seen: readonly Observation[]) =>
  outcomes(seen).flatMap(([question, outcome]) => (question === 'own-list of menu as kopi' ? [outcome] : []));

const leaked = ['a1 of negoes'];

describe('the isolation probe at a leak', () => {
  it('asks the same again at once, up to the next proof, and keeps each answer', async () => {
    const seen = await look({ application: leakingOn(1, 5) });
    expect(listsOfKopi(seen)).toEqual([leaked, clean, clean, clean, leaked]);
    expect(outcomes(seen).filter(([question]) => question === 'own-list of menu as negoes')).toHaveLength(1);
  });

  it('proves within one look what one process in eight hands out', async () => {
    const seen = await look({ application: leakingOn(1, 9, 17) });
    expect(listsOfKopi(seen).filter((outcome) => outcome !== clean)).toEqual([leaked, leaked]);
  });

  it('asks no more often than it may', async () => {
    expect(listsOfKopi(await look({ application: leakingOn(1), probes: { leakBurst: 3 } }))).toHaveLength(4);
    expect(listsOfKopi(await look({ application: leakingOn(1), probes: { leakBurst: 0 } }))).toHaveLength(1);
  });

  it('asks again for one document as well', async () => {
    const application: Application = (asked, answer, response) =>
      asked.path === '/api/menu/a1' ? answer(200, { item: { id: 'a1' } }) : well(asked, answer, response);
    const asked = outcomes(await look({ application })).filter(([question]) => question.startsWith('foreign-id'));
    expect(asked.filter(([, outcome]) => outcome !== 1)).toHaveLength(2);
  });

  it.each<[string, Partial<ProbesInput>]>([
    ['is not trusted', routes({ trusted: false })],
    ['leaked before', routes({ leakedBefore: true })],
  ])('does not ask again on a route that %s', async (_why, probes) => {
    expect(listsOfKopi(await look({ application: leakingOn(1, 2), probes }))).toEqual([leaked]);
  });

  it('tells the first proof before it asks again, and each answer from then on', async () => {
    const told: Observation[] = [];
    const toldWhenAsked: number[] = [];
    const leaking = leakingOn(1, 3);
    const application: Application = (asked, answer, response) => {
      if (asked.tenant === 'kopi' && asked.path === '/api/menu') toldWhenAsked.push(told.length);
      leaking(asked, answer, response);
    };
    await using server = await serveAs(application);
    const seen = await probeOn(server.url).look(forever, (some) => void told.push(...some));
    expect(toldWhenAsked).toEqual([0, 1, 2]);
    expect(listsOfKopi(told)).toEqual([leaked, clean, leaked]);
    expect(seen).toEqual(expect.arrayContaining(told));
  });

  it('dates each answer by itself', async () => {
    const clock = manualClock();
    const leaking = leakingOn(1, 3);
    const application: Application = (asked, answer, response) =>
      void clock.pass(1_000).then(() => leaking(asked, answer, response));
    const situation: Situation = { application, clock, slugs: ['kopi'], probes: routes({ one: undefined as never }) };
    const seen = await look(situation);
    const began = seen[0]?.at ?? 0;
    expect(seen.map(({ at }) => at - began)).toEqual([0, 1_000, 2_000]);
  });

  it('ends all bursts of a look together when the next look is due', async () => {
    const clock = manualClock();
    const leaking = leakingOn(1);
    const application: Application = (asked, answer, response) =>
      void clock.pass(4_000).then(() => leaking(asked, answer, response));
    const probes = { ...routes({ one: undefined as never }), isolationEvery: '10s' };
    expect(listsOfKopi(await look({ application, clock, slugs: ['kopi'], probes }))).toHaveLength(4);
  });
});
