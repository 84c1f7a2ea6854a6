import { expect, it } from 'vitest';
import { maintenanceHeader } from '../../../src/adapters/traffic/switch.ts';
import type { Observation } from '../../../src/model/observation.ts';
import { manualClock } from '../../manual-clock.ts';
import { closedPort } from '../server.ts';
import { type Application, forever, outcomes, own, probeOn, routes, type Situation, serveAs, well } from './stage.ts';

const everyFiveMinutes: Situation = { probes: { isolationThroughBalancerEvery: '5m' } };

/** Answers everybody with what the first one got. */
function caching(): Application {
  let kept: string | undefined;
  return (asked, answer, response) => {
    kept ??= asked.tenant;
    well({ ...asked, tenant: kept }, answer, response);
  };
}

const through = (seen: readonly Observation[]) =>
  outcomes(seen).filter(([question]) => question.endsWith('through the balancer'));

it('asks each tenant’s list through the balancer, one right after the other', async () => {
  const asked: string[] = [];
  await using application = await serveAs(well);
  await using balancer = await serveAs((each, answer, response) => {
    asked.push(`${each.tenant} ${each.path}`);
    well(each, answer, response);
  });
  const seen = await probeOn(application.url, everyFiveMinutes, balancer.url).look(forever);
  expect(asked).toEqual(['negoes /api/menu', 'kopi /api/menu']);
  expect(through(seen)).toEqual([
    ['own-list of menu as negoes through the balancer', 3],
    ['own-list of menu as kopi through the balancer', 2],
  ]);
  expect(seen.filter((one) => 'values' in one && 'via' in one.values)).toHaveLength(2);
});

it('catches a cache that hands one tenant the answer to another, and asks the application itself beside it', async () => {
  await using application = await serveAs(well);
  await using balancer = await serveAs(caching());
  const probes = { isolationThroughBalancerEvery: '5m', leakBurst: 3 };
  const told: Observation[] = [];
  const seen = await probeOn(application.url, { probes }, balancer.url).look(
    forever,
    (some) => void told.push(...some),
  );
  const leak = ['own-list of menu as kopi through the balancer', ['a1 of negoes', 'a2 of negoes']];
  expect(through(seen).slice(1)).toEqual([leak, leak]);
  const direct = ['own-list of menu as kopi', own.kopi?.length];
  expect(outcomes(seen).slice(-3)).toEqual([direct, direct, direct]);
  const firstLeak = outcomes(told).findIndex(([question]) => question === leak[0]);
  expect(outcomes(told).slice(0, firstLeak)).toContainEqual(direct);
});

it('asks so only every five minutes, as every tenant', async () => {
  const clock = manualClock();
  await using server = await serveAs(well);
  const probe = probeOn(server.url, { ...everyFiveMinutes, clock, slugs: ['negoes', 'kopi', 'late'] });
  const askers: (readonly string[])[] = [];
  for (const pause of [0, 299_000, 1_000, 300_000]) {
    await clock.pass(pause);
    const asked = through(await probe.look(forever)).map(([question]) => question.split(' ').at(4) ?? '');
    askers.push(asked);
  }
  expect(askers).toEqual([['negoes', 'kopi', 'late'], [], ['negoes', 'kopi', 'late'], ['negoes', 'kopi', 'late']]);
});

it.each<[string, Situation]>([
  ['it is switched off', { probes: { isolationThroughBalancerEvery: '0s' } }],
  ['there is one tenant only', { ...everyFiveMinutes, slugs: ['kopi'] }],
  ['the route decides nothing', { probes: { ...everyFiveMinutes.probes, ...routes({ trusted: false }) } }],
])('asks nothing through the balancer where %s', async (_why, situation) => {
  await using server = await serveAs(well);
  expect(through(await probeOn(server.url, situation).look(forever))).toEqual([]);
});

it('is blind, not reassured, where rollbackd’s maintenance answer is shown or no balancer is there', async () => {
  await using application = await serveAs(well);
  await using balancer = await serveAs(
    (_asked, _answer, response) => void response.writeHead(200, { [maintenanceHeader]: 'now' }).end('[]'),
  );
  const reasons = async (publicUrl: string) =>
    through(await probeOn(application.url, everyFiveMinutes, publicUrl).look(forever)).map(([, why]) => why);
  expect(await reasons(balancer.url)).toEqual(['the maintenance answer is shown', 'the maintenance answer is shown']);
  const closed = `http://127.0.0.1:${await closedPort()}`;
  expect(await reasons(closed)).toEqual(['the balancer is not there', 'the balancer is not there']);
});
