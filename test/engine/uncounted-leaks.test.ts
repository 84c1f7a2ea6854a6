import { expect, it } from 'vitest';
import { showUncountedLeaks } from '../../src/engine/uncounted-leaks.ts';
import type { UncountedLeak } from '../../src/metrics/metrics.ts';
import type { Observation } from '../../src/model/observation.ts';
import { manualClock } from '../manual-clock.ts';
import { menu, probesOf } from '../probes/settings.ts';

const routes = [
  { ...menu, name: 'menu' },
  { ...menu, name: 'reports', trusted: false },
  { ...menu, name: 'old', leakedBefore: true },
];
const { unified, legacy } = probesOf({ unified: { health: { path: '/health' }, routes } });

const look = (route: string, ...ids: string[]): Observation => ({
  probe: 'isolation',
  status: 'observed',
  at: 0,
  tookMs: 1,
  values: {
    tenant: 'kopi',
    route,
    ask: 'own-list',
    trusted: route !== 'reports',
    checked: 3,
    foreign: ids.map((id) => ({ id, owners: ['negoes'] })),
  },
});
const blind: Observation = { probe: 'isolation', status: 'unobserved', at: 0, tookMs: 1, reason: 'timeout' };

function watched() {
  const clock = manualClock();
  const shown: (readonly UncountedLeak[])[] = [];
  const logged: unknown[] = [];
  let probeSet = unified;
  const show = showUncountedLeaks({
    probeSet: () => probeSet,
    metrics: { uncountedLeaks: (leaks) => void shown.push(leaks) },
    log: { warn: (fields: unknown) => void logged.push(fields) },
    clock,
  });
  const rollBack = () => {
    probeSet = legacy;
  };
  return { clock, shown, logged, show, rollBack };
}

const ofReports = (documents: number) => ({ route: 'reports', why: 'untrusted', documents });

it('shows what routes hand out that decide nothing, and why they do not', () => {
  const { show, shown } = watched();
  show([look('menu', 'a'), look('reports', 'a', 'b'), look('reports', 'c'), look('old', 'a')]);
  expect(shown).toEqual([[ofReports(3), { route: 'old', why: 'known-before', documents: 1 }]]);
});

it('keeps what was seen while a look is blind, and lets a clean one and another version end it', () => {
  const { show, shown, rollBack } = watched();
  show([look('reports', 'a')]);
  show([blind]);
  show([{ ...blind, probe: 'health' }]);
  show([look('reports')]);
  show([look('reports', 'a')]);
  rollBack();
  show([blind]);
  expect(shown).toEqual([[ofReports(1)], [ofReports(1)], [ofReports(0)], [ofReports(1)], []]);
});

it('says it in the log at most once an hour for each route', async () => {
  const { show, logged, clock } = watched();
  show([look('reports')]);
  for (let minute = 0; minute < 61; minute += 1) {
    show([look('reports', 'a')]);
    if (minute === 5) show([look('old', 'a')]);
    await clock.pass(60_000);
  }
  expect(logged).toEqual([ofReports(1), { route: 'old', why: 'known-before', documents: 1 }, ofReports(1)]);
});
