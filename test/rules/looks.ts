import type { Observation } from '../../src/model/observation.ts';
import { rulesSchema } from '../../src/rules/schema.ts';
import { windowLimits } from '../../src/rules/windows/limits.ts';
import { emptyWindows, remember, type Windows } from '../../src/rules/windows/windows.ts';

export const rules = rulesSchema.parse({});
export const intervals = {
  healthEvery: 10_000,
  isolationEvery: 30_000,
  mongoEvery: 15_000,
  controlEvery: 5_000,
  requestsEvery: 5_000,
  syntheticEvery: 5_000,
};
export const limits = windowLimits(rules, intervals);

/**
 * `down`: no process either; `hanging`: no answer, here and through the balancer, from a process that is there;
 * `barred`: up on its own port alone; `answered for`: the same, and the balancer says 404 by itself.
 */
export type HealthSeen = 'up' | 'barred' | 'answered for' | 'down' | 'hanging' | 'disputed' | 'blind' | 'offline';

export const controlLook = (at: number, well: boolean): Observation => {
  const head = { probe: 'control', at, tookMs: 0 } as const;
  return well
    ? { ...head, status: 'observed', values: { loopDelayMs: 1 } }
    : { ...head, status: 'unobserved', reason: 'offline' };
};

/** One round of the health and control probes. `offline`: the observer's network is gone, which looks like an outage. */
export function healthRound(seen: HealthSeen, at: number): Observation[] {
  const control = controlLook(at, seen !== 'offline');
  return [control, { ...health(seen, at) }, { ...control, at: at + intervals.controlEvery }];
}

function health(seen: HealthSeen, at: number): Observation {
  if (seen === 'blind') return { probe: 'health', at, tookMs: 1, status: 'unobserved', reason: 'blind' };
  const up = { outcome: 'up', why: 'ok', tookMs: 1 } as const;
  const down = { outcome: 'down', why: 'timeout', tookMs: 1 } as const;
  const well = seen === 'up' || seen === 'disputed';
  const isUp = seen === 'up' || seen === 'barred' || seen === 'answered for';
  const there = well || isUp || seen === 'hanging';
  return {
    probe: 'health',
    at,
    tookMs: 1,
    status: 'observed',
    values: {
      application: isUp ? up : down,
      balancer: well ? up : seen === 'answered for' ? { ...down, why: 'status', status: 404 } : down,
      vantage: { processes: { online: there ? 1 : 0, expected: 1 }, listening: there },
    },
  };
}

/** The rounds one after another, and the moment just after the last one. */
export function watched(
  seen: readonly HealthSeen[],
  everyMs = intervals.healthEvery,
): { windows: Windows; now: number } {
  const observations = seen.flatMap((one, index) => healthRound(one, index * everyMs));
  const now = seen.length * everyMs;
  return { windows: remember(emptyWindows(limits), observations, now), now };
}

export type LeakSeen = 'leak' | 'clean' | 'empty' | 'blind';

export function isolationLook(seen: LeakSeen, at: number, over: { tenant?: string; route?: string } = {}): Observation {
  const head = { probe: 'isolation', at, tookMs: 5 } as const;
  if (seen === 'blind') return { ...head, status: 'unobserved', reason: 'blind' };
  const foreign = seen === 'leak' ? [{ id: 'd1', owners: ['warung'] }] : [];
  const values = { tenant: 'negoes', route: 'menu', ask: 'own-list', trusted: true, ...over } as const;
  return { ...head, status: 'observed', values: { ...values, checked: seen === 'clean' ? 4 : 0, foreign } };
}

export function asked(
  seen: readonly LeakSeen[],
  everyMs = intervals.isolationEvery,
): { windows: Windows; now: number } {
  const observations = seen.map((one, index) => isolationLook(one, index * everyMs));
  const now = Math.max(0, seen.length - 1) * everyMs + 10;
  return { windows: remember(emptyWindows(limits), observations, now), now };
}
