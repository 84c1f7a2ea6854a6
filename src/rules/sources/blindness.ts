import type { Blindness } from '../../model/blindness.ts';
import type { Observation } from '../../model/observation.ts';
import { newestAnswer } from '../samples/answers.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { IsolationLook, Samples } from '../samples/samples.ts';
import type { Availability } from './availability.ts';
import { type Connections, ownTroubleAlone } from './connections.ts';

/** Which probes are blind after some more looks, and since which look of an unbroken row. */
export function blindAfter(known: Samples['blind'], observations: readonly Observation[]): Samples['blind'] {
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
export function lastingBlindness(samples: Samples, after: number, seen: Seen, from: number, now: number): Blindness[] {
  const control = samples.blind.get('control');
  const found = control ? [control] : [...targetBlindness(samples, seen, from, now)];
  return found.filter(({ since }) => now - since > after);
}

function* targetBlindness(
  samples: Samples,
  { availability, connections }: Seen,
  from: number,
  now: number,
): Generator<Blindness> {
  const { last, blind, blindBecause, upSince } = availability;
  const since = last?.end ?? samples.health.find(({ at }) => at >= from)?.at ?? now;
  if (blind) yield { probe: 'health', since, reason: healthReason(samples, blindBecause) };
  const mongo = samples.blind.get('mongo') ?? keptOut(connections);
  if (mongo) yield mongo;
  for (const probe of ['tenants', 'requests', 'prometheus', 'journeys'] as const) {
    const each = samples.blind.get(probe);
    if (each) yield each;
  }
  const isolation = samples.blind.get('isolation');
  if (blind || upSince === undefined) return;
  const unread = unreadLists(samples) ?? isolation;
  if (unread) yield { ...unread, since: Math.max(unread.since, upSince) };
}

/** Asking for single documents goes on to prove something while no list can be read any more. */
function unreadLists({ isolation, limits }: Samples): Blindness | undefined {
  const isList = ({ trusted, ask, via }: IsolationLook) => trusted && ask === 'own-list' && via === undefined;
  const newest = newestAnswer(isolation);
  const list = newestAnswer(isolation, isList);
  if (!newest || !list || newest.at - list.at < neighbourhood(limits.isolationEvery)) return undefined;
  return { probe: 'isolation', since: list.at, reason: 'no list of a trusted route can be read any more' };
}

/** What rollbackd alone cannot reach it cannot see. */
function keptOut(connections: Connections): Blindness | undefined {
  const trouble = ownTroubleAlone(connections);
  if (!trouble || trouble.goodMs !== undefined) return undefined;
  const reason = `${trouble.said} by rollbackd, while the application says that it is connected: look at the address, the certificate, the access list and the limit of connections`;
  return { probe: 'mongo', since: trouble.since, reason };
}

const healthReason = ({ blind }: Samples, otherwise: string): string => blind.get('health')?.reason ?? otherwise;
