import type { Blindness } from '../../model/blindness.ts';
import type { Observation } from '../../model/observation.ts';
import type { RulesConfig } from '../schema.ts';
import { type Availability, availability } from './outage.ts';
import type { Windows } from './windows.ts';

type Rules = Pick<RulesConfig['unavailable'], 'after' | 'clearAfter'>;

/** Which probes are blind after some more looks, and since which look of an unbroken row. */
export function blindAfter(known: Windows['blind'], observations: readonly Observation[]): Windows['blind'] {
  const blind = new Map(known);
  for (const observation of observations) {
    const { probe, at } = observation;
    const reason = whyBlind(observation);
    if (reason === undefined) blind.delete(probe);
    else if (reason !== nothingNew) blind.set(probe, { probe, since: blind.get(probe)?.since ?? at, reason });
  }
  return blind;
}

/** Neither a sight nor blindness: what untrusted routes show decides nothing. */
const nothingNew = Symbol('nothing new');

function whyBlind(observation: Observation): string | typeof nothingNew | undefined {
  if (observation.status === 'unobserved') return observation.reason;
  if (observation.probe !== 'isolation') return undefined;
  const { trusted, checked, foreign } = observation.values;
  if (!trusted) return nothingNew;
  return checked > 0 || foreign.length > 0 ? undefined : 'the answers hold no document whose owner is known';
}

/**
 * The probes that have been blind for longer than an outage may last, cause before consequence: without eyesight of
 * its own the observer cannot tell what it would see, and an application that is down shows no documents.
 */
export function lastingBlindness(
  windows: Windows,
  rules: Rules,
  from: number,
  now: number,
  seen: Availability = availability(windows, rules, from, now),
): Blindness[] {
  const control = windows.blind.get('control');
  const found = control ? [control] : [...targetBlindness(windows, seen, from)];
  return found.filter(({ since }) => now - since > rules.after);
}

function* targetBlindness(windows: Windows, seen: Availability, from: number): Generator<Blindness> {
  const { last, blind, blindBecause, upSince } = seen;
  const since = last?.end ?? windows.health.find(({ at }) => at >= from)?.at;
  if (blind && since !== undefined) yield { probe: 'health', since, reason: healthReason(windows, blindBecause) };
  const mongo = windows.blind.get('mongo');
  if (mongo) yield mongo;
  const requests = windows.blind.get('requests');
  if (requests) yield requests;
  const isolation = windows.blind.get('isolation');
  if (isolation && !blind && upSince !== undefined) yield { ...isolation, since: Math.max(isolation.since, upSince) };
}

const healthReason = ({ blind }: Windows, otherwise: string): string => blind.get('health')?.reason ?? otherwise;
