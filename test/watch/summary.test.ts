import { describe, expect, it } from 'vitest';
import type { RunState, StepAttempt, WatchState } from '../../src/incident/daemon-state.ts';
import { downtime, summarise } from '../../src/watch/summary.ts';

const minute = 60_000;

const succeeded = (at: number, endedAt: number, attempt = 1): StepAttempt => ({
  status: 'succeeded',
  attempt,
  at,
  endedAt,
  tookMs: endedAt - at,
  evidence: {},
});
const failed = (at: number, endedAt: number): StepAttempt => ({
  status: 'failed',
  attempt: 1,
  at,
  endedAt,
  tookMs: endedAt - at,
  failure: { reason: 'not-proven', message: '' },
});

const runOf = (steps: Record<string, StepAttempt[]>, endedAt?: number): RunState => ({
  run: 'run-1',
  incident: undefined,
  plan: {
    kind: 'rollback',
    target: 'cafe',
    legacyCommit: '',
    manifestHash: '',
    configHash: '',
    steps: [],
    hash: '',
  },
  configHash: '',
  config: undefined,
  authority: { by: 'daemon' },
  startedAt: 0,
  status: 'succeeded',
  endedAt,
  reason: undefined,
  acknowledgedBy: undefined,
  watched: false,
  told: [],
  steps: new Map(Object.entries(steps)),
});

const watchOf = (...findings: string[]): WatchState => ({
  run: 'run-1',
  startedAt: 10 * minute,
  until: 130 * minute,
  findings,
});

describe('the downtime', () => {
  it('lasts from the stop of the application until its users are let in again', () => {
    const run = runOf({
      'stop-application': [succeeded(minute, 2 * minute)],
      'enable-traffic': [succeeded(5 * minute, 6 * minute)],
    });
    expect(downtime(run)).toBe('5m');
  });

  it('begins with the first stop and ends with the traffic that was proven', () => {
    const run = runOf({
      'stop-application': [succeeded(minute, 2 * minute), succeeded(7 * minute, 8 * minute, 2)],
      'enable-traffic': [failed(9 * minute, 10 * minute), succeeded(11 * minute, 12 * minute, 2)],
    });
    expect(downtime(run)).toBe('11m');
  });

  it('is not known while the users are out', () => {
    expect(downtime(runOf({}))).toBe('unknown');
    expect(downtime(runOf({ 'stop-application': [succeeded(0, 1)], 'enable-traffic': [failed(2, 3)] }))).toBe(
      'unknown',
    );
  });
});

describe('the closing summary', () => {
  const run = runOf(
    { 'stop-application': [succeeded(minute, minute)], 'enable-traffic': [succeeded(4 * minute, 4 * minute)] },
    9 * minute,
  );

  it('says how long was watched, what was found, and what the rollback cost', () => {
    expect(summarise(watchOf('a leak', 'an outage'), run, 130 * minute)).toEqual({
      watched: '2h',
      findings: 2,
      last: 'an outage',
      rollback: '9m',
      downtime: '3m',
    });
  });

  it('says nothing of a run that has not ended, or is not known', () => {
    expect(summarise(watchOf(), undefined, 20 * minute)).toEqual({ watched: '10m', findings: 0 });
    expect(summarise(watchOf(), runOf({}), 20 * minute)).toEqual({ watched: '10m', findings: 0 });
  });
});
