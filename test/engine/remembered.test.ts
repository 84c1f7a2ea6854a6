import { expect, it } from 'vitest';
import { remembered } from '../../src/engine/remembered.ts';
import type { Observation } from '../../src/model/observation.ts';
import { probesOf } from '../probes/settings.ts';
import { rules } from '../rules/looks.ts';

const now = Date.parse('2026-01-10T03:00:00Z');
const unread = (probe: Observation['probe'], agoMs: number): Observation => ({
  probe,
  at: now - agoMs,
  tookMs: 1,
  status: 'unobserved',
  reason: 'permission denied',
});
const looks = [
  unread('health', 5 * 3_600_000),
  unread('isolation', 5 * 3_600_000),
  unread('requests', 60_000),
  unread('mongo', 60_000),
];
const recorder = {
  since: (from: number, probes?: readonly Observation['probe'][]) =>
    looks.filter(({ at, probe }) => at >= from && (probes?.includes(probe) ?? true)),
};
const from = (traffic: Parameters<typeof remembered>[1]['traffic']) =>
  remembered(recorder, { rules, probes: probesOf(), traffic }, now).map(({ probe }) => probe);

it('is health and isolation from further back than the rest, and of the log only while one is configured', () => {
  const accessLog = { file: '/var/log/nginx/access.log', format: 'json', paths: [] } as const;
  expect(from({ accessLog: { ...accessLog, paths: [] } })).toEqual(['health', 'isolation', 'requests', 'mongo']);
  expect(from({})).toEqual(['health', 'isolation', 'mongo']);
});
