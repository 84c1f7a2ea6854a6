import { never } from '../../core/errors.ts';
import type { Blindness } from '../../model/blindness.ts';
import type {
  ForeignDocument,
  HealthValues,
  IsolationValues,
  JourneysValues,
  MongoValues,
  Observation,
  ProbeName,
  PrometheusValues,
  RequestsValues,
  TenantsValues,
} from '../../model/observation.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { type BalancerStanding, standingAfter, unproven } from '../sources/balancer.ts';
import { blindAfter } from '../sources/blindness.ts';
import { type ServedStretch, servedAfter } from '../sources/served.ts';
import { type Answers, newestAnswer, withAnswers } from './answers.ts';
import { type ClockStep, clockSlack, inOrder } from './clock.ts';
import { indexFrom } from './eyesight.ts';
import type { SampleLimits } from './limits.ts';
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

/** Until when the log has been read, and whether somebody was waiting just then. */
export interface RequestsLook extends Timed, Pick<RequestsValues, 'openUpstream'> {}

/** One question as one tenant on one route; a few of the foreign documents stand for all. */
export interface IsolationLook extends Timed, Omit<IsolationValues, 'foreign'> {
  /** Which looks ask the same thing: only the same question, asked again, refutes an answer. */
  readonly question: string;
  readonly foreignCount: number;
  readonly foreign: readonly ForeignDocument[];
  readonly owners: readonly string[];
}

export interface TenantsLook extends Timed, TenantsValues {}
export interface JourneyLook extends Timed, JourneysValues {}
export interface PrometheusLook extends Timed, PrometheusValues {}

/** What the probes saw lately: bounded by age and count, in the order in which it came. */
export interface Samples {
  readonly limits: SampleLimits;
  readonly health: readonly HealthLook[];
  readonly control: readonly ControlLook[];
  readonly isolation: Answers;
  /** When trusted routes handed out documents. */
  readonly served: readonly ServedStretch[];
  readonly mongo: readonly MongoLook[];
  readonly tenants: readonly TenantsLook[];
  readonly journeys: readonly JourneyLook[];
  readonly prometheus: readonly PrometheusLook[];
  /** The last standing by question: it outlives the looks, as long as an outage may. */
  readonly balancers: ReadonlyMap<string, BalancerStanding>;
  /** Probes whose last looks proved nothing. */
  readonly blind: ReadonlyMap<ProbeName, Blindness>;
  /** Real requests, and rollbackd's own, by slot of time. */
  readonly requests: readonly RequestSlot[];
  readonly synthetic: readonly RequestSlot[];
  /** The last look at the log. */
  readonly requestsLook: RequestsLook | undefined;
  /** How the wall clock was set, oldest first. */
  readonly steps: readonly ClockStep[];
}

export const emptySamples = (limits: SampleLimits): Samples => ({
  limits,
  health: [],
  control: [],
  isolation: new Map(),
  served: [],
  mongo: [],
  tenants: [],
  journeys: [],
  prometheus: [],
  requests: [],
  synthetic: [],
  requestsLook: undefined,
  balancers: new Map(),
  blind: new Map(),
  steps: [],
});

type Looks = 'health' | 'control' | 'isolation' | 'mongo' | 'tenants' | 'journeys' | 'prometheus';
interface Fresh extends Record<'requests' | 'synthetic', RequestSlot[]> {
  readonly looks: { -readonly [K in Exclude<Looks, 'isolation'>]: Samples[K][number][] } & {
    isolation: IsolationLook[];
  };
  requestsLook: RequestsLook | undefined;
}

export function remember(samples: Samples, observations: readonly Observation[], now: number): Samples {
  const fresh = sorted(observations);
  const { ageMs, isolationAgeMs, slotMs, count, isolationEvery, refuting } = samples.limits;
  const from = now - ageMs;
  const keep = <T extends Timed>(known: readonly T[], added: readonly T[]) =>
    bounded(known, added, { from, now, count });
  const reach = { from, to: now + clockSlack, slotMs };
  const { health, balancers } = withStanding(samples.balancers, fresh.looks.health);
  const isolation = inOrder(newestAnswer(samples.isolation), fresh.looks.isolation, now);
  return {
    ...samples,
    health: keep(samples.health, health),
    control: keep(samples.control, fresh.looks.control),
    isolation: withAnswers(samples.isolation, isolation, { from: now - isolationAgeMs, count, refuting }),
    served: servedAfter(samples.served, isolation, isolationEvery).filter(({ to }) => to >= from),
    mongo: keep(samples.mongo, fresh.looks.mongo),
    tenants: keep(samples.tenants, fresh.looks.tenants),
    journeys: keep(samples.journeys, fresh.looks.journeys),
    prometheus: keep(samples.prometheus, fresh.looks.prometheus),
    requests: withSlots(samples.requests, fresh.requests, reach),
    synthetic: withSlots(samples.synthetic, fresh.synthetic, reach),
    requestsLook: fresh.requestsLook ?? samples.requestsLook,
    balancers,
    blind: blindAfter(samples.blind, observations),
  };
}

function sorted(observations: readonly Observation[]): Fresh {
  const looks = { health: [], control: [], isolation: [], mongo: [], tenants: [], journeys: [], prometheus: [] };
  const fresh: Fresh = { looks, requests: [], synthetic: [], requestsLook: undefined };
  for (const observation of observations) {
    if (observation.status === 'observed') sortSeen(observation, fresh);
    else sortBlind(observation, fresh);
  }
  return fresh;
}

type Seen = Extract<Observation, { status: 'observed' }>;
type Blind = Extract<Observation, { status: 'unobserved' }>;

function sortSeen(observation: Seen, into: Fresh): void {
  const { at, tookMs } = observation;
  const { looks } = into;
  switch (observation.probe) {
    case 'health':
      looks.health.push({ at, tookMs, values: observation.values, balancer: unproven });
      return;
    case 'control':
      looks.control.push({ at, tookMs, well: true });
      return;
    case 'isolation':
      looks.isolation.push({ at, tookMs, ...condensed(observation.values) });
      return;
    case 'mongo':
      looks.mongo.push({ at, tookMs, values: observation.values, reason: '' });
      return;
    case 'tenants':
      looks.tenants.push({ at, tookMs, ...observation.values });
      return;
    case 'journeys':
      looks.journeys.push({ at, tookMs, ...observation.values });
      return;
    case 'prometheus':
      looks.prometheus.push({ at, tookMs, ...observation.values });
      return;
    case 'requests': {
      const { slots, openUpstream } = observation.values;
      into.requests.push(...slots);
      into.requestsLook = { at, tookMs, openUpstream };
      return;
    }
    case 'synthetic':
      into.synthetic.push(...observation.values.slots);
      return;
    default:
      never(observation);
  }
}

/** Of the others blindness is only that: a question that could not be asked leaves its last answer as it was. */
function sortBlind({ probe, at, tookMs, reason }: Blind, { looks }: Fresh): void {
  if (probe === 'health') looks.health.push({ at, tookMs, values: undefined, balancer: unproven });
  if (probe === 'control') looks.control.push({ at, tookMs, well: false });
  if (probe === 'mongo') looks.mongo.push({ at, tookMs, values: undefined, reason });
}

/** What one question has shown says nothing about another: versions and configurations ask differently. */
function withStanding(known: Samples['balancers'], added: readonly HealthLook[]) {
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
  const question = JSON.stringify([values.tenant, values.route, values.trusted, values.ask, values.via]);
  return { ...rest, question, foreignCount: foreign.length, foreign: foreign.slice(0, 5), owners };
}

interface Bounds {
  readonly from: number;
  readonly now: number;
  readonly count: number;
}

function bounded<T extends Timed>(known: readonly T[], added: readonly T[], { from, now, count }: Bounds) {
  const oldest = known[0]?.at ?? from;
  if (added.length === 0 && oldest >= from) return known;
  const fresh = inOrder(known.at(-1), added, now).filter((look) => look.at >= from);
  return [...known.slice(indexFrom(known, from)), ...fresh].slice(-count);
}
