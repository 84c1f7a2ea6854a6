import type { Blindness } from '../../model/blindness.ts';
import type { Observation } from '../../model/observation.ts';
import type { RulesConfig } from '../schema.ts';
import { type Connections, ownTroubleAlone } from './connections.ts';
import type { Availability } from './outage.ts';
import type { Windows } from './windows.ts';

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

/** What else is known of the target, from which blindness follows. */
export interface Seen {
  readonly availability: Availability;
  readonly connections: Connections;
}

/**
 * The probes that have been blind for longer than an outage may last, cause before consequence: without eyesight of
 * its own the observer cannot tell what it would see, and an application that is down shows no documents.
 */
export function lastingBlindness(
  windows: Windows,
  { after }: Pick<RulesConfig['unavailable'], 'after'>,
  seen: Seen,
  from: number,
  now: number,
): Blindness[] {
  const control = windows.blind.get('control');
  const found = control ? [control] : [...targetBlindness(windows, seen, from)];
  return found.filter(({ since }) => now - since > after);
}

function* targetBlindness(windows: Windows, { availability, connections }: Seen, from: number): Generator<Blindness> {
  const { last, blind, blindBecause, upSince } = availability;
  const since = last?.end ?? windows.health.find(({ at }) => at >= from)?.at;
  if (blind && since !== undefined) yield { probe: 'health', since, reason: healthReason(windows, blindBecause) };
  const mongo = windows.blind.get('mongo') ?? keptOut(connections);
  if (mongo) yield mongo;
  const requests = windows.blind.get('requests');
  if (requests) yield requests;
  const isolation = windows.blind.get('isolation');
  if (isolation && !blind && upSince !== undefined) yield { ...isolation, since: Math.max(isolation.since, upSince) };
}

/** What rollbackd alone cannot reach it cannot see. */
function keptOut(connections: Connections): Blindness | undefined {
  const trouble = ownTroubleAlone(connections);
  if (!trouble || trouble.fineMs !== undefined) return undefined;
  const reason = `${trouble.said} by rollbackd, while the application says that it is connected: look at the address, the certificate, the access list and the limit of connections`;
  return { probe: 'mongo', since: trouble.since, reason };
}

const healthReason = ({ blind }: Windows, otherwise: string): string => blind.get('health')?.reason ?? otherwise;
