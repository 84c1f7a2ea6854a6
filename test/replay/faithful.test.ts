import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { type Act, actsIn } from '../../src/replay/act.ts';
import { replay } from '../../src/replay/replay.ts';
import { control, health, isolation } from '../engine/judging.ts';
import { live, type World } from './live-engine.ts';
import { exampleConfig } from './written.ts';

const containing = () => ({ ...exampleConfig(), containment: 'automatic' as const });

const minute = 60_000;

const looks = (since: number, up: boolean, ...more: Observation[]): readonly Observation[] => [
  control(0),
  ...(since % 10_000 === 0 ? [health(0, up)] : []),
  ...more,
];

const outage: World = (since) => looks(since, since < 5 * minute || since > 30 * minute);

const leak: World = (since) =>
  since % 30_000 === 0
    ? looks(since, true, isolation(0, ...(since >= 3 * minute && since < 20 * minute ? ['65f1'] : [])))
    : looks(since, true);

const errors: World = (since) => looks(since, true, requests(since));

function requests(since: number): Observation {
  const start = Date.parse('2026-01-10T03:00:00Z');
  const at = Math.floor((start + since) / minute) * minute;
  const failing = since >= 10 * minute && since < 20 * minute;
  const counts = { requests: 20, errors: failing ? 10 : 0 };
  const route = { route: 'GET /api/menu', ...counts, latencies: [[30, 20] as [number, number]] };
  const slot = {
    at,
    ...counts,
    routes: [route],
    tenants: ['negoes', 'warung'].map((tenant) => ({ tenant, requests: 10, errors: counts.errors / 2 })),
  };
  return { probe: 'requests', status: 'observed', at: 0, tookMs: 5, values: { slots: [slot] } };
}

/** What was done about what; messages are the daemon's own affair where they follow from acts. */
const gist = (acts: readonly Act[]) =>
  acts.filter(({ act }) => act !== 'begin anew').map(({ act, criterion, tier }) => ({ act, criterion, tier }));

/** While all is well it is judged once a minute. */
const nearly = 60_000;

describe('what was decided while it happened is decided again when it is looked back at', () => {
  it.each([
    { title: 'an outage, armed', mode: 'armed', lasts: 40 * minute, world: outage, does: 'roll back' },
    { title: 'an outage, asking', mode: 'approve', lasts: 40 * minute, world: outage, does: 'asked' },
    { title: 'a leak, armed', mode: 'armed', lasts: 30 * minute, world: leak, does: 'contain' },
    { title: 'an error burst, armed', mode: 'armed', lasts: 40 * minute, world: errors, does: 'asked' },
  ] as const)('$title', async ({ mode, lasts, world, does }) => {
    const config = containing();
    const { file, events } = await live(config, mode, lasts, world);
    const { past, unusable } = await replay({ file, mode }, config);
    const then = actsIn(events);
    expect(unusable.count).toBe(0);
    expect(past.refusals).toEqual([]);
    expect(then.map(({ act }) => act)).toContain(does);
    expect(gist(past.acts)).toEqual(gist(then));
    for (const [index, act] of then.entries())
      expect(Math.abs((past.acts[index]?.at ?? 0) - act.at)).toBeLessThanOrEqual(nearly);
  });

  it('gives the same bytes each time', async () => {
    const config = containing();
    const { file } = await live(config, 'armed', 40 * minute, outage);
    const [first, second] = [
      await replay({ file, mode: 'armed' }, config),
      await replay({ file, mode: 'armed' }, config),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });
});
