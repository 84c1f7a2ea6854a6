import { never } from '../../core/errors.ts';
import type { Blindness } from '../../model/blindness.ts';
import type {
  ForeignDocument,
  HealthValues,
  IsolationValues,
  MongoValues,
  Observation,
  ProbeName,
  RequestsValues,
} from '../../model/observation.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { type BalancerStanding, standingAfter, unproven } from './balancer.ts';
import { blindAfter } from './blindness.ts';
import { clockSlack, inOrder, splitAtStepsBack, unrefutedAt } from './clock-step.ts';
import type { WindowLimits } from './limits.ts';
import { type ServedStretch, servedAfter } from './served.ts';
import { withSlots } from './slots.ts';

export interface Timed {
  readonly at: number;
  readonly tookMs: number;
}

/** `values` absent: the probe was blind. */
export interface HealthLook extends Timed {
  readonly values: HealthValues | undefined;
  /** As this look left it. */
  readonly balancer: BalancerStanding;
}
export interface ControlLook extends Timed {
  readonly well: boolean;
}
export interface MongoLook extends Timed {
  readonly values: MongoValues | undefined;
  readonly reason: string;
}

/** Whether somebody was waiting while the log was read. */
export interface RequestsLook extends Timed, Pick<RequestsValues, 'openUpstream'> {}

/** One question as one tenant on one route; a few of the foreign documents stand for all. */
export interface IsolationLook extends Timed, Omit<IsolationValues, 'foreign'> {
  /** Which looks ask the same thing: only the same question, asked again, confirms or refutes an answer. */
  readonly question: string;
  readonly foreignCount: number;
  readonly foreign: readonly ForeignDocument[];
  readonly owners: readonly string[];
}

/** What the probes saw lately: bounded by age and count, in the order in which it came. */
export interface Windows {
  readonly limits: WindowLimits;
  readonly health: readonly HealthLook[];
  readonly control: readonly ControlLook[];
  readonly isolation: readonly IsolationLook[];
  /** When trusted routes handed out documents. */
  readonly served: readonly ServedStretch[];
  readonly mongo: readonly MongoLook[];
  /** The last standing by question: it outlives the looks, as long as an outage may. */
  readonly balancers: ReadonlyMap<string, BalancerStanding>;
  /** Probes whose last looks proved nothing. */
  readonly blind: ReadonlyMap<ProbeName, Blindness>;
  /** Real requests, and rollbackd's own, by slot of time. */
  readonly requests: readonly RequestSlot[];
  readonly synthetic: readonly RequestSlot[];
  /** The last look at the log alone. */
  readonly requestsLook: readonly RequestsLook[];
}

export const emptyWindows = (limits: WindowLimits): Windows => ({
  limits,
  health: [],
  control: [],
  isolation: [],
  served: [],
  mongo: [],
  requests: [],
  synthetic: [],
  requestsLook: [],
  balancers: new Map(),
  blind: new Map(),
});

type Looks = 'health' | 'control' | 'isolation' | 'mongo' | 'requests' | 'synthetic' | 'requestsLook';
type Fresh = { -readonly [K in Looks]: Windows[K][number][] };

export function remember(windows: Windows, observations: readonly Observation[], now: number): Windows {
  const [first = [], ...later] = splitAtStepsBack(windows, observations, now);
  // By another clock everything is young: it is forgotten as a whole.
  const known = withLooks(windows, first, later.length === 0 ? now : 0);
  return later.reduce((before, piece, index) => {
    const isLast = index === later.length - 1;
    return withLooks(forgotten(before, now), piece, isLast ? now : 0);
  }, known);
}

function sorted(observations: readonly Observation[]): Fresh {
  const fresh: Fresh = {
    health: [],
    control: [],
    isolation: [],
    mongo: [],
    requests: [],
    synthetic: [],
    requestsLook: [],
  };
  for (const observation of observations) {
    if (observation.status === 'observed') sortSeen(observation, fresh);
    else sortBlind(observation, fresh);
  }
  return fresh;
}

/** After a step back of the clock the proof starts afresh; what is no question of time stays. */
const forgotten = ({ limits, isolation, balancers, blind }: Windows, now: number): Windows => ({
  ...emptyWindows(limits),
  isolation: unrefutedAt(isolation, now),
  balancers,
  blind: new Map([...blind].map(([probe, each]) => [probe, { ...each, since: Math.min(each.since, now) }])),
});

function withLooks(windows: Windows, observations: readonly Observation[], now: number): Windows {
  const fresh = sorted(observations);
  const { ageMs, isolationAgeMs, slotMs, slotsAgeMs, count, isolationEvery } = windows.limits;
  const keep = <T extends Timed>(known: readonly T[], added: readonly T[], age = ageMs) =>
    bounded(known, added, now - age, count);
  const reach = { from: now - slotsAgeMs, to: now + clockSlack, slotMs };
  const { health, balancers } = withStanding(windows.balancers, fresh.health);
  return {
    limits: windows.limits,
    health: keep(windows.health, health),
    control: keep(windows.control, fresh.control),
    isolation: withUnrefuted(keep(windows.isolation, fresh.isolation, isolationAgeMs), windows.isolation),
    served: servedAfter(windows.served, fresh.isolation, isolationEvery).filter(({ to }) => to >= now - ageMs),
    mongo: keep(windows.mongo, fresh.mongo),
    requests: withSlots(windows.requests, fresh.requests, reach),
    synthetic: withSlots(windows.synthetic, fresh.synthetic, reach),
    requestsLook: keep(windows.requestsLook, fresh.requestsLook).slice(-1),
    balancers,
    blind: blindAfter(windows.blind, observations),
  };
}

type Seen = Extract<Observation, { status: 'observed' }>;
type Blind = Extract<Observation, { status: 'unobserved' }>;

function sortSeen(observation: Seen, into: Fresh): void {
  const { at, tookMs } = observation;
  switch (observation.probe) {
    case 'health':
      into.health.push({ at, tookMs, values: observation.values, balancer: unproven });
      return;
    case 'control':
      into.control.push({ at, tookMs, well: true });
      return;
    case 'isolation':
      into.isolation.push({ at, tookMs, ...condensed(observation.values) });
      return;
    case 'mongo':
      into.mongo.push({ at, tookMs, values: observation.values, reason: '' });
      return;
    case 'tenants':
    case 'prometheus':
    case 'journeys':
      return;
    case 'requests': {
      const { slots, openUpstream } = observation.values;
      into.requests.push(...slots);
      into.requestsLook.push({ at, tookMs, openUpstream });
      return;
    }
    case 'synthetic':
      into.synthetic.push(...observation.values.slots);
      return;
    default:
      never(observation);
  }
}

function sortBlind({ probe, at, tookMs, reason }: Blind, into: Fresh): void {
  switch (probe) {
    case 'health':
      into.health.push({ at, tookMs, values: undefined, balancer: unproven });
      return;
    case 'control':
      into.control.push({ at, tookMs, well: false });
      return;
    case 'mongo':
      into.mongo.push({ at, tookMs, values: undefined, reason });
      return;
    // A question that could not be asked leaves its last answer as it was.
    case 'isolation':
    case 'tenants':
    case 'requests':
    case 'synthetic':
    case 'prometheus':
    case 'journeys':
      return;
    default:
      never(probe);
  }
}

/** What one question has shown says nothing about another: versions and configurations ask differently. */
function withStanding(known: Windows['balancers'], added: readonly HealthLook[]) {
  const balancers = new Map(known);
  const health = added.map((look) => {
    if (!look.values) return look;
    const { asked = '' } = look.values;
    const balancer = standingAfter(balancers.get(asked) ?? unproven, look.values);
    balancers.set(asked, balancer);
    return { ...look, balancer };
  });
  return { health, balancers: added.length === 0 ? known : balancers };
}

function condensed(values: IsolationValues): Omit<IsolationLook, keyof Timed> {
  const { foreign, ...rest } = values;
  const owners = [...new Set(foreign.flatMap((document) => document.owners))].sort();
  const question = JSON.stringify([values.tenant, values.route, values.ask]);
  return { ...rest, question, foreignCount: foreign.length, foreign: foreign.slice(0, 5), owners };
}

function bounded<T extends Timed>(known: readonly T[], added: readonly T[], from: number, count: number) {
  const oldest = known[0]?.at ?? from;
  if (added.length === 0 && oldest >= from) return known;
  return [...known, ...inOrder(known, added)].filter((look) => look.at >= from).slice(-count);
}

/** A question whose last answer was a leak is not forgotten with age: forgetting it would count as a pass. */
function withUnrefuted(kept: readonly IsolationLook[], known: readonly IsolationLook[]): readonly IsolationLook[] {
  const dropped = known.filter((look) => look.foreignCount > 0 && look.at < (kept[0]?.at ?? Number.POSITIVE_INFINITY));
  if (dropped.length === 0) return kept;
  const askedSince = new Set(
    kept.filter((look) => look.checked > 0 || look.foreignCount > 0).map(({ question }) => question),
  );
  const last = new Map(dropped.map((look) => [look.question, look]));
  return [...[...last].filter(([question]) => !askedSince.has(question)).map(([, look]) => look), ...kept];
}
