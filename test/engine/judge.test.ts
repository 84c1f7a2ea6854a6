import { expect, it } from 'vitest';
import { type EngineSettings, judge } from '../../src/engine/judge.ts';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { foldAll } from '../../src/incident/fold.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Observation } from '../../src/model/observation.ts';
import { sampleLimits } from '../../src/rules/samples/limits.ts';
import { emptySamples, remember } from '../../src/rules/samples/samples.ts';
import { guardSchema } from '../../src/rules/schema.ts';
import { begin, decisionTo, opened, planOf } from '../incident/histories.ts';
import { menu, probesOf } from '../probes/settings.ts';
import { healthRound, isolationLook, rules } from '../rules/looks.ts';

const settings = (unified: boolean, legacy: boolean): EngineSettings => ({
  rules,
  guard: guardSchema.parse({ until: '2026-02-01T00:00:00Z', drill: 'off', readiness: 'off' }),
  containment: 'automatic',
  target: { tenants: [] },
  latencyBaseline: new Map(),
  migration: { cutoverAt: begin - 1 },
  probes: probesOf({
    unified: { health: { path: '/health' }, routes: [{ ...menu, leakedBefore: unified }] },
    legacy: { health: { path: '/api/tenants' }, routes: [{ ...menu, leakedBefore: legacy }] },
  }),
});

const stateOf = (at: number, ...bodies: EventBody[]): DaemonState =>
  foldAll(
    emptyState('approve'),
    bodies.map((body, index) => ({ seq: index + 1, at, body, hash: '' })),
  );

function verdictsOf(with_: EngineSettings, state: DaemonState, observations: readonly Observation[], now: number) {
  const samples = remember(emptySamples(sampleLimits(with_.rules, with_.probes)), observations, now);
  return judge({ samples, state, settings: with_, now }).verdicts;
}

const leaks = [0, 1, 2].map((index) => isolationLook('leak', begin + index * 30_000));
const legacyRuns = stateOf(
  begin,
  { kind: 'run.started', run: 'run-1', plan: planOf('rollback'), authority: { by: 'daemon' } },
  { kind: 'step.started', run: 'run-1', step: 'start-application', attempt: 1 },
);

it.each([
  ['the unified one runs: what the legacy route leaked is no excuse', stateOf(begin), false, true, 'breach'],
  ['the unified one runs: what it leaked before is a baseline', stateOf(begin), true, false, 'inconclusive'],
  ['the legacy one runs: what it leaked before is a baseline', legacyRuns, false, true, 'inconclusive'],
  ['the legacy one runs: what the unified route leaked is no excuse', legacyRuns, true, false, 'breach'],
] as const)('counts a leak by the baseline of the version that runs; %s', (_when, state, unified, legacy, verdict) => {
  const [leak] = verdictsOf(settings(unified, legacy), state, leaks, begin + 60_010);
  expect(leak?.verdict).toBe(verdict);
});

it('goes on judging where the journal, since a clock was set back, speaks of the future', () => {
  const hour = 3_600_000;
  const incident = 'incident-1';
  const closed: EventBody = { kind: 'incident.closed', incident, outcome: 'resolved-by-person', reason: 'settled' };
  const state = stateOf(begin + hour, ...opened(incident, decisionTo('page')), closed);
  const looks = Array.from({ length: 100 }, (_, index) => healthRound('down', begin + index * 10_000)).flat();
  const [, unavailable] = verdictsOf(settings(false, false), state, looks, begin + 1_000_000);
  expect(unavailable?.verdict).toBe('breach');
});
