import { bucketOf } from '../../src/core/latency-buckets.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { RequestSlot } from '../../src/model/request-slot.ts';
import { emptyWindows, remember, type Windows } from '../../src/rules/windows/windows.ts';
import { limits, rules } from './looks.ts';

export const { slot } = rules.requests;

/** What one minute holds: `errors` of `requests`, by tenant; p95 by route. */
export interface Minute {
  readonly requests?: number;
  readonly errors?: number;
  readonly tenants?: Readonly<Record<string, readonly [requests: number, errors: number]>>;
  readonly routes?: Readonly<Record<string, readonly [requests: number, p95: number]>>;
}

export function slotOf(at: number, { tenants = {}, routes = {}, ...counts }: Minute): RequestSlot {
  const byTenant = Object.entries(tenants).map(([tenant, [requests, errors]]) => ({ tenant, requests, errors }));
  const sum = (of: 'requests' | 'errors') => byTenant.reduce((total, each) => total + each[of], 0);
  return {
    at,
    requests: counts.requests ?? (byTenant.length > 0 ? sum('requests') : 100),
    errors: counts.errors ?? sum('errors'),
    tenants: byTenant,
    routes: Object.entries(routes).map(([route, [requests, p95]]) => ({
      route,
      requests,
      errors: 0,
      latencies: [[bucketOf(p95), requests]],
    })),
  };
}

export interface Watched {
  /** One a minute, read from the log when it is over; `undefined`: it holds nothing. Without any there is no log. */
  readonly real?: readonly (Minute | undefined)[];
  /** Minutes at whose end the log could not be read. */
  readonly unread?: readonly number[];
  readonly own?: readonly (Minute | undefined)[];
  readonly openUpstream?: number;
  /** Minutes in which the observer's own network was gone. */
  readonly offline?: readonly number[];
}

/** The minutes one after another, and the first moment at which all of them are settled. */
export function minutes({ real = [], own = [], unread = [], openUpstream, offline = [] }: Watched): {
  windows: Windows;
  now: number;
} {
  const count = Math.max(real.length, own.length);
  const observations = Array.from({ length: count }, (_, minute): Observation[] => [
    ...controlLooks(minute, !offline.includes(minute)),
    ...(minute < real.length ? [logLook(minute, real[minute], unread.includes(minute), openUpstream)] : []),
    ...ownLook(minute, own[minute]),
  ]).flat();
  const now = count * slot + 15_000;
  return { windows: remember(emptyWindows(limits), observations, now), now };
}

const controlLooks = (minute: number, well: boolean): Observation[] =>
  Array.from({ length: 12 }, (_, index) => {
    const head = { probe: 'control', at: minute * slot + index * 5_000, tookMs: 0 } as const;
    if (!well) return { ...head, status: 'unobserved', reason: 'offline' };
    return { ...head, status: 'observed', values: { loopDelayMs: 1 } };
  });

function logLook(minute: number, said: Minute | undefined, isUnread: boolean, open: number | undefined): Observation {
  const head = { probe: 'requests', at: (minute + 1) * slot, tookMs: 1 } as const;
  if (isUnread) return { ...head, status: 'unobserved', reason: 'permission denied' };
  const slots = said ? [slotOf(minute * slot, said)] : [];
  return { ...head, status: 'observed', values: { slots, ...(open !== undefined && { openUpstream: open }) } };
}

function ownLook(minute: number, said: Minute | undefined): Observation[] {
  if (!said) return [];
  const values = { slots: [slotOf(minute * slot, said)] };
  return [{ probe: 'synthetic', at: (minute + 1) * slot - 1, tookMs: 1, status: 'observed', values }];
}

export const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
